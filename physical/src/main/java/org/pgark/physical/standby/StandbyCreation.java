package org.pgark.physical.standby;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.Optional;
import org.pgark.physical.basebackup.BaseBackupException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.ReplicationRefusal;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/** Makes one standby, from an empty directory to a server that streams. */
public final class StandbyCreation {
    private static final int OLDEST = 130_000;
    private static final int NEWEST = 190_000;
    private static final int DROP_ATTEMPTS = 50;
    private static final Duration DROP_PAUSE = Duration.ofMillis(100);

    private final StandbyRequest request;
    private final StandbyFiles files;
    private final StandbyListener listener;
    private boolean slotIsLoose;

    /** A standby that is not begun. */
    public StandbyCreation(StandbyRequest request, StandbyFiles files, StandbyListener listener) {
        this.request = request;
        this.files = files;
        this.listener = listener;
    }

    /**
     * Makes it.
     *
     * @return the standby that streams; empty if its start was left to the user
     * @throws RefusedException if something was wrong beforehand; nothing is changed then
     * @throws FailedException otherwise; what was made is removed, unless it is the start that failed
     */
    public Optional<StandbyState> run() throws IOException, OperationException, InterruptedException {
        checkEmpty();
        try (WireConnection connection =
                WireConnection.open(request.primary(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none())) {
            return run(connection);
        } catch (IOException e) {
            throw explained(e);
        } finally {
            if (slotIsLoose) {
                dropSlot();
            }
        }
    }

    private Optional<StandbyState> run(WireConnection connection)
            throws IOException, OperationException, InterruptedException {
        PostgresMajor major = major(connection);
        Optional<StandbyServer> server = Optional.empty();
        if (request.start().isPresent()) {
            StandbyRequest.Start start = request.start().get();
            ServerPrograms programs =
                    ServerPrograms.find(major, start.programs(), start.path()).behind(start.runsAs());
            server = Optional.of(new StandbyServer(request, programs, listener));
            listener.line("server programs of PostgreSQL " + major.number() + ": " + programs.folder());
        }
        ReplicationSession session = new ReplicationSession(connection);
        makeSlot(session);
        files.bring(request, connection, request.lines());
        MinimalConfiguration.writeIfMissing(request.directory(), session, listener);
        slotIsLoose = false;
        listener.line("files in " + request.directory() + ": " + files.description());
        return server.isPresent() ? Optional.of(server.get().streaming(session)) : Optional.empty();
    }

    private static PostgresMajor major(WireConnection connection) throws RefusedException {
        int version = connection.serverVersion();
        if (version < OLDEST || version >= NEWEST) {
            throw new RefusedException(
                    "server_version",
                    "the primary is of version "
                            + connection.parameter("server_version").orElse("unknown")
                            + ", but standbys can be made of 13 to 18",
                    "");
        }
        return PostgresMajor.of(version / 10_000);
    }

    private void checkEmpty() throws IOException, RefusedException {
        try (DirectoryStream<java.nio.file.Path> entries = Files.newDirectoryStream(request.directory())) {
            if (entries.iterator().hasNext()) {
                throw new RefusedException(
                        "directory_not_empty",
                        "directory \"" + request.directory() + "\" is not empty",
                        "Name another one, or empty it; a server may not run on it.");
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (NotDirectoryException e) {
            throw new RefusedException("not_a_directory", "\"" + request.directory() + "\" is not a directory", "", e);
        }
    }

    private void makeSlot(ReplicationSession session) throws IOException {
        if (request.slot().isPresent()) {
            session.createSlot(request.slot().get(), false, true, false);
            slotIsLoose = true;
            listener.line("replication slot \"" + request.slot().get() + "\" on the primary");
            if (session.show("max_slot_wal_keep_size", "limit of slots").equals("-1")) {
                listener.warning(
                        "max_slot_wal_keep_size of the primary is -1: while the standby is away, its slot keeps"
                                + " WAL until the primary's disk is full");
            }
        } else {
            listener.warning("without a slot the primary may remove WAL that the standby still needs while it is away");
        }
    }

    /** Over a connection of its own, since the other one may have been closed in the middle of a backup. */
    private void dropSlot() {
        String slot = request.slot().orElseThrow();
        // An interruption would tear this connection, too.
        boolean interrupted = Thread.interrupted();
        try {
            int attempt = 1;
            while (!isDropped(slot, attempt == DROP_ATTEMPTS)) {
                Thread.sleep(DROP_PAUSE);
                attempt++;
            }
        } catch (IOException e) {
            listener.warning("replication slot \"" + slot + "\" is left on the primary and keeps WAL there; drop it: "
                    + ReplicationRefusal.oneLine(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The server needs a moment to see that the connections before are gone, which still hold their places. */
    private boolean isDropped(String slot, boolean lastAttempt) throws IOException {
        try (WireConnection connection =
                WireConnection.open(request.primary(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none())) {
            new ReplicationSession(connection).dropSlot(slot);
            return true;
        } catch (IOException e) {
            boolean passes = ReplicationRefusal.of(e, request.primary().user())
                    .map(refusal -> !refusal.lasting())
                    .orElse(false);
            if (lastAttempt || !passes) {
                throw e;
            }
            return false;
        }
    }

    private FailedException explained(IOException failure) {
        Optional<ReplicationRefusal> refusal =
                ReplicationRefusal.of(failure, request.primary().user());
        return new FailedException(
                refusal.map(ReplicationRefusal::code).orElse("standby_failed"),
                ReplicationRefusal.oneLine(String.valueOf(failure.getMessage())),
                refusal.map(ReplicationRefusal::hint)
                        .orElse(failure instanceof BaseBackupException backup ? backup.hint() : ""),
                failure);
    }
}

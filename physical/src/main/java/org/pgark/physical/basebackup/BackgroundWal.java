package org.pgark.physical.basebackup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.receive.WalCompression;
import org.pgark.physical.receive.WalDirectory;
import org.pgark.physical.receive.WalPlace;
import org.pgark.physical.receive.WalStream;
import org.pgark.physical.receive.WalStreamListener;
import org.pgark.physical.receive.WalStreamRequest;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.WireConnection;

/** Streams WAL beside a backup, over a second connection and on a thread of its own, up to the backup's end. */
final class BackgroundWal implements AutoCloseable {
    private final BaseBackupRequest request;
    private final BaseBackupListener listener;
    private final AtomicReference<@Nullable Lsn> end = new AtomicReference<>();
    private volatile boolean over;
    /** The backup has failed, and what the stream then says is of no interest. */
    private volatile boolean abandoned;

    private volatile boolean succeeded;
    private @Nullable Thread thread;
    private @Nullable WireConnection connection;

    BackgroundWal(BaseBackupRequest request, BaseBackupListener listener) {
        this.request = request;
        this.listener = listener;
    }

    /** Where a backup's WAL begins. */
    record Start(Lsn position, int timeline, String systemIdentifier, int segmentSize, boolean groupReads) {}

    void start(WireConnection second, Start from, BackupFolders folders) throws IOException {
        connection = second;
        ReplicationSession session = new ReplicationSession(second);
        Optional<String> slot = createSlot(session);
        int mask = from.segmentSize() - 1;
        WalStreamRequest stream = new WalStreamRequest(
                new Lsn(from.position().value() & ~(long) mask),
                from.timeline(),
                Optional.of(from.systemIdentifier()),
                slot,
                false,
                request.statusInterval(),
                from.segmentSize(),
                true);
        WalPlace place = place(second, from, folders);
        thread = Thread.ofPlatform()
                .daemon()
                .name("pgark-wal-stream")
                .start(() -> run(new WalStream(session, stream, place, new UntilEnd()), place));
    }

    private Optional<String> createSlot(ReplicationSession session) throws IOException {
        return switch (request.slot()) {
            case BaseBackupRequest.Slot.None _ -> Optional.empty();
            case BaseBackupRequest.Slot.Temporary _ -> {
                String name = "pg_basebackup_"
                        + Integer.toUnsignedString(session.connection().backendProcess());
                session.createSlot(name, true, true, false);
                listener.verbose("created temporary replication slot \"" + name + "\"");
                yield Optional.of(name);
            }
            case BaseBackupRequest.Slot.Named named -> {
                if (named.created()) {
                    session.createSlot(named.name(), false, true, false);
                    listener.verbose("created replication slot \"" + named.name() + "\"");
                }
                yield Optional.of(named.name());
            }
        };
    }

    private WalPlace place(WireConnection second, Start from, BackupFolders folders) throws IOException {
        Path directory = request.directory().orElseThrow();
        if (request.isTar()) {
            boolean gzip = request.clientCompression().algorithm() == ArchiveCompression.Algorithm.GZIP;
            ArchiveCompression compression = gzip ? request.clientCompression() : ArchiveCompression.NONE;
            Path file = directory.resolve("pg_wal.tar" + compression.algorithm().suffix());
            return new WalTar(
                    ArchiveOutputs.compressed(ArchiveOutputs.create(file, from.groupReads()), compression),
                    from.segmentSize(),
                    from.groupReads());
        }
        Path wal = directory.resolve("pg_wal");
        folders.makeAll(wal.resolve("archive_status"));
        if (second.serverVersion() >= 170_000) {
            folders.makeAll(wal.resolve("summaries"));
        }
        return new WalDirectory(wal, from.segmentSize(), "", WalCompression.NONE, false, from.groupReads());
    }

    private void run(WalStream stream, WalPlace place) {
        try (place) {
            stream.run();
            place.finish();
            succeeded = true;
        } catch (IOException e) {
            if (!abandoned) {
                listener.error(String.valueOf(e.getMessage()));
            }
        } catch (RuntimeException e) {
            listener.error("internal error: " + e);
        } finally {
            over = true;
        }
    }

    /** Stops where the backup ended, once that is known. */
    private final class UntilEnd implements WalStreamListener {
        @Override
        public boolean reached(Lsn position, int timeline, boolean segmentFinished) {
            Lsn last = end.get();
            return last != null && Long.compareUnsigned(position.value(), last.value()) >= 0;
        }

        @Override
        public void info(String line) {
            // That the last segment is not complete is as it must be.
        }
    }

    void checkRuns() throws BaseBackupException {
        if (over && !succeeded) {
            throw new BaseBackupException("background process terminated unexpectedly");
        }
    }

    boolean isRunning() {
        return thread != null;
    }

    void finishAt(Lsn position) throws IOException {
        Thread worker = thread;
        if (worker == null) {
            return;
        }
        end.set(position);
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (!succeeded) {
            throw new BaseBackupException("child process exited with exit code 1");
        }
    }

    @Override
    public void close() {
        abandoned = true;
        WireConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}

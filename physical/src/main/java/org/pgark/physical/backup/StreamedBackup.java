package org.pgark.physical.backup;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.basebackup.BaseBackupException;
import org.pgark.physical.basebackup.ServerRefusalException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.wal.HistoryArchiving;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.WireException;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.pack.PackSummary;

/**
 * A backup of a running server, a primary or a standby, that the server streams over the replication protocol: all it
 * needs is a connection with the REPLICATION privilege. In the repository it is like any other.
 *
 * <p>Nothing of it is visible there until all files and all WAL that it needs are durable.
 */
public final class StreamedBackup {
    private static final Optional<String> INSUFFICIENT_PRIVILEGE = Optional.of("42501");

    private final BackupRequest request;
    private final ClusterRepository repository;
    private final ConnectionSettings settings;
    private final ProgressListener progress;
    private final RandomGenerator random;

    /**
     * Prepares a backup; nothing happens yet.
     *
     * @param request its data directory does not matter
     * @param settings of the server; SQL sessions with them are welcome, but not needed
     * @param random draws the letters of the backup's id
     */
    public StreamedBackup(
            BackupRequest request,
            ClusterRepository repository,
            ConnectionSettings settings,
            ProgressListener progress,
            RandomGenerator random) {
        this.request = request;
        this.repository = repository;
        this.settings = settings;
        this.progress = progress;
        this.random = random;
    }

    /**
     * Takes the backup. Damaged pages do not fail it; the outcome tells of them.
     *
     * @throws OperationException if it is refused, fails, or another backup of the cluster is running
     * @throws InterruptedException if this thread was interrupted, which gives the backup up
     */
    public BackupOutcome run() throws OperationException, IOException, InterruptedException {
        progress.phase("checking");
        try (StreamConnection server = StreamConnection.open(settings, progress)) {
            new StreamChecks(server.source(), repository.incarnation()).require(request.receivedWal());
            server.enter();
            return run(server);
        } catch (ConnectFailedException e) {
            if (Optional.of(e.sqlState()).equals(INSUFFICIENT_PRIVILEGE)) {
                throw noPrivilege(e);
            }
            throw e;
        } catch (ServerRefusalException e) {
            if (e.sqlState().equals(INSUFFICIENT_PRIVILEGE)) {
                throw noPrivilege(e);
            }
            throw refused(e);
        } catch (BaseBackupException | ReplicationException e) {
            throw lost(e);
        } catch (WireException e) {
            throw lost(e);
        }
    }

    private static RefusedException noPrivilege(IOException cause) {
        return new RefusedException(
                "no_privilege",
                String.valueOf(cause.getMessage()),
                "Grant the role the attribute REPLICATION, and let it in with a line for the database \"replication\""
                        + " in pg_hba.conf.",
                cause);
    }

    private static FailedException refused(IOException cause) {
        return new FailedException(
                "base_backup_refused",
                "the server does not begin a base backup: " + cause.getMessage(),
                "Look into the server's log.",
                cause);
    }

    private static FailedException lost(IOException cause) {
        return new FailedException(
                "base_backup_failed",
                "the server's base backup failed: " + cause.getMessage(),
                "Nothing was kept of this backup. Look into the server's log, then start it again.",
                cause);
    }

    private BackupOutcome run(StreamConnection server) throws OperationException, IOException, InterruptedException {
        Instant begun = server.now();
        BackupId id = Backup.unusedId(repository, begun, random);
        String directory = server.source().dataDirectory().orElse("");
        try (BackupSession session = repository.beginBackup(host(server) + ":" + directory)) {
            server.archiverFailure().ifPresent(progress::warning);
            long begin = System.nanoTime();
            Received received = received(session, server, "pgark " + id);
            Copied copied = received.copied();
            long done = System.nanoTime();
            progress.phase("waiting for WAL");
            if (!received.standby()) {
                HistoryArchiving.ensure(
                        repository.walArchive(),
                        copied.wal().stopTimeline(),
                        () -> server.history(copied.wal().stopTimeline()));
            }
            new ArchiveWait(
                            (segment, _) -> repository.walArchive().contains(segment),
                            received.standby(),
                            server::archiverFailure,
                            progress)
                    .await(copied.wal(), request.archiveTimeout());
            Instant stopTime = copied.stop().time();
            if (!received.standby()) {
                // This host's clock may be late, if the server's was not to be had.
                stopTime = new EndRecord(repository.walArchive())
                        .require(
                                copied.wal(),
                                BackupLabel.parse(copied.stop().label()).checkpoint())
                        .filter(copied.stop().time()::isBefore)
                        .orElse(copied.stop().time());
            }
            long archived = System.nanoTime();
            List<PackSummary> needed = copied.needed();
            BackupRecord record = copied.record(id, request, begun, stopTime, of(server, received), needed.size());
            CommitThread.commit(session, record, needed);
            return new BackupOutcome(
                    record,
                    copied.damage().pages(),
                    received.damageOnlyAtServer(),
                    copied.statistics(
                            Duration.ofNanos(received.startedNanos() - begin),
                            Duration.ofNanos(done - received.startedNanos()),
                            Duration.ofNanos(archived - done)));
        }
    }

    private Received received(BackupSession session, StreamConnection server, String label)
            throws OperationException, IOException, InterruptedException {
        server.keepStandbysWal();
        try {
            return new Receiving(request, repository, session, server, settings, progress, Optional.empty()).run(label);
        } catch (UnusableChangesException e) {
            progress.warning("the changes that the server sent cannot be used, it is asked for all files instead: "
                    + e.getMessage());
            server.restart();
            return new Receiving(
                            request,
                            repository,
                            session,
                            server,
                            settings,
                            progress,
                            Optional.of("the changes that it sent cannot be used"))
                    .run(label);
        }
    }

    private static BackupRecord.Server of(StreamConnection server, Received received) {
        Copied copied = received.copied();
        return new BackupRecord.Server(
                server.source().version(),
                received.control().major(),
                received.control().systemIdentifier(),
                received.control().dataChecksumVersion(),
                received.standby(),
                host(server),
                server.source().dataDirectory().orElse(""),
                copied.owners().users(),
                copied.owners().groups(),
                copied.tablespaces(),
                Optional.empty());
    }

    private static String host(StreamConnection server) {
        return server.address() instanceof ServerAddress.Tcp tcp ? tcp.host() : Backup.hostName();
    }
}

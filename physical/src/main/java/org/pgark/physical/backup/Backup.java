package org.pgark.physical.backup;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.physical.wal.HistoryArchiving;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerAddress;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.pack.PackSummary;

/**
 * A backup of a running server, a primary or a standby, taken on its own host. It shares with the backup before what has not changed.
 *
 * <p>Nothing of it is visible in the repository until all files, all pages of the manifest and all WAL that it needs are
 * durable there. A backup that fails or is interrupted leaves packs that nothing refers to, and a server that has
 * forgotten it.
 */
public final class Backup {
    private static final Optional<String> INSUFFICIENT_PRIVILEGE = Optional.of("42501");

    private final BackupRequest request;
    private final ClusterRepository repository;
    private final ServerSession session;
    private final ProgressListener progress;
    private final RandomGenerator random;

    /**
     * Prepares a backup; nothing happens yet.
     *
     * @param session with the server; the backup ends it
     * @param random draws the letters of the backup's id
     */
    public Backup(
            BackupRequest request,
            ClusterRepository repository,
            ServerSession session,
            ProgressListener progress,
            RandomGenerator random) {
        this.request = request;
        this.repository = repository;
        this.session = session;
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
        try {
            return checkedAndLocked();
        } catch (ConnectionException e) {
            if (!e.sqlState().equals(INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            throw new RefusedException(
                    "no_privilege",
                    String.valueOf(e.getMessage()),
                    "Connect as a superuser, or grant the role pg_read_all_settings and EXECUTE on the functions"
                            + " that start and stop a backup.",
                    e);
        }
    }

    private BackupOutcome checkedAndLocked() throws OperationException, IOException, InterruptedException {
        progress.phase("checking");
        SourceServer source = SourceServer.ask(session);
        ControlFile control = new BackupChecks(source, request.dataDirectory(), request.receivedWal())
                .passed(repository.incarnation(), repository.directory());
        try (BackupMode server = BackupMode.enter(session)) {
            return new Locked(source, control, server).run();
        }
    }

    /** The backup while it holds the lock. */
    private final class Locked {
        private final SourceServer source;
        private final ControlFile control;
        private final BackupMode server;
        private final BackupId id;

        Locked(SourceServer source, ControlFile control, BackupMode server) throws IOException {
            this.source = source;
            this.control = control;
            this.server = server;
            this.id = unusedId(repository, source.now(), random);
        }

        BackupOutcome run() throws OperationException, IOException, InterruptedException {
            try (BackupSession begun = repository.beginBackup(host() + ":" + source.dataDirectory())) {
                return run(begun);
            }
        }

        private BackupOutcome run(BackupSession begun) throws OperationException, IOException, InterruptedException {
            server.archiverFailure().ifPresent(progress::warning);
            List<Path> external =
                    ExternalFiles.find(session, source.configurationFiles(), request.dataDirectory(), progress);
            progress.phase(
                    switch (request.checkpoint()) {
                        case FAST -> "fast checkpoint";
                        case SPREAD -> "spread checkpoint";
                    });
            if (server.isStandby()) {
                server.keepWal()
                        .ifPresent(reason -> progress.notice("the standby cannot be asked to keep its WAL during the"
                                + " backup, so that what it removes has to be in the archive: " + reason));
            }
            long begin = System.nanoTime();
            Lsn start = server.start("pgark " + id, request.checkpoint());
            long started = System.nanoTime();
            Copied copied = copied(begun, start, external);
            long done = System.nanoTime();
            progress.phase("waiting for WAL");
            if (!server.isStandby()) {
                HistoryArchiving.ensure(repository.walArchive(), copied.wal().stopTimeline(), request.dataDirectory());
            }
            new ArchiveWait(new OwnWal(repository.walArchive(), request.dataDirectory()), server, progress)
                    .await(copied.wal(), request.archiveTimeout());
            long archived = System.nanoTime();
            List<PackSummary> needed = copied.needed();
            BackupRecord record =
                    copied.record(id, request, source.now(), copied.stop().time(), of(copied), needed.size());
            CommitThread.commit(begun, record, needed);
            return new BackupOutcome(
                    record,
                    copied.damage().pages(),
                    false,
                    copied.statistics(
                            Duration.ofNanos(started - begin),
                            Duration.ofNanos(done - started),
                            Duration.ofNanos(archived - done)));
        }

        private Copied copied(BackupSession begun, Lsn start, List<Path> external)
                throws OperationException, IOException, InterruptedException {
            try {
                return new Copying(request, repository, begun, session, server, control, source.startTime(), progress)
                        .run(start, external);
            } catch (ConnectionException e) {
                throw BackupMode.lost(e);
            }
        }

        private BackupRecord.Server of(Copied copied) throws IOException {
            return new BackupRecord.Server(
                    source.version(),
                    control.major(),
                    source.systemIdentifier(),
                    control.dataChecksumVersion(),
                    server.isStandby(),
                    host(),
                    source.dataDirectory().toString(),
                    copied.owners().users(),
                    copied.owners().groups(),
                    copied.tablespaces(),
                    walDirectory());
        }

        /** Empty where pg_wal is a directory, as it usually is. */
        private Optional<String> walDirectory() throws IOException {
            Path wal = source.dataDirectory().resolve("pg_wal");
            return Files.isSymbolicLink(wal) ? Optional.of(wal.toRealPath().toString()) : Optional.empty();
        }
    }

    private String host() {
        return RemoteFileSystem.has(request.dataDirectory())
                        && session.settings().servers().getFirst() instanceof ServerAddress.Tcp server
                ? server.host()
                : hostName();
    }

    /** An identifier that no backup of the cluster has. */
    static BackupId unusedId(ClusterRepository repository, Instant now, RandomGenerator random) throws IOException {
        while (true) {
            BackupId drawn = BackupId.create(now, random);
            if (repository.find(drawn.value()).isEmpty()) {
                return drawn;
            }
        }
    }

    /** What this host calls itself. */
    static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }
}

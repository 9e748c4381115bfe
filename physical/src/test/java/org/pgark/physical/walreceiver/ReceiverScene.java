package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.backup.Backup;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.RepositoryOpener;
import org.pgark.physical.wal.WalGet;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.NetworkProxy;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A server, a repository in a local folder, and a receiver between them, which follows the server wherever it moves. */
final class ReceiverScene implements AutoCloseable, ReceiverListener {
    static final String SLOT = "receiver";

    final Path folder;
    final Repository repository;
    final ClusterRepository kept;
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final int major;
    private volatile TestCluster server;
    private volatile String entrance = "";
    private Optional<NetworkProxy> network = Optional.empty();
    private Optional<Running> running = Optional.empty();

    /** A receiver at work. */
    private record Running(WalReceiver receiver, Thread thread, List<Exception> failures) {}

    private ReceiverScene(int major, Path folder, TestCluster server) throws IOException {
        this.major = major;
        this.folder = folder;
        this.server = server;
        this.repository = Repository.create(
                new LocalDirectoryStore(Files.createDirectory(folder.resolve("repository"))),
                Clock.systemUTC(),
                new SecureRandom());
        ControlFile control = ControlFile.read(server.dataDirectory());
        this.kept = repository.open(repository.registerCluster(
                "main", control.systemIdentifier(), control.major(), control.walSegmentSize()));
    }

    /** Starts a server whose segments have 1 MiB and whose only way into the archive is the receiver. */
    static ReceiverScene started(int major, Map<String, String> settings) throws IOException, SQLException {
        Path folder = Files.createTempDirectory("pgark-received-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        TestCluster.Builder builder =
                TestCluster.of(major).walSegmentMegabytes(1).with("autovacuum", "off");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            builder = builder.with(setting.getKey(), setting.getValue());
        }
        return new ReceiverScene(major, folder, builder.started());
    }

    TestCluster server() {
        return server;
    }

    Path directory() {
        return folder.resolve("received");
    }

    WalReceiverRequest request() {
        return new WalReceiverRequest(
                directory(),
                Optional.of(SLOT),
                true,
                FlushMode.DIRECTORY,
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                new SlotPolicy(0, 0),
                Optional.empty());
    }

    WalReceiverRequest request(FlushMode flush) {
        WalReceiverRequest usual = request();
        return new WalReceiverRequest(
                usual.directory(),
                usual.slot(),
                true,
                flush,
                usual.saveInterval(),
                usual.reconnect(),
                usual.policy(),
                Optional.empty());
    }

    WalReceiver receiver(WalReceiverRequest request) {
        return new WalReceiver(request, ReceiverPlaces.of(kept), this::connection, this);
    }

    /** Between receiver and server there is a network from now on. */
    NetworkProxy throughProxy() throws IOException {
        NetworkProxy proxy = NetworkProxy.to(server.port());
        network = Optional.of(proxy);
        return proxy;
    }

    private WireConnection connection() throws IOException {
        String way =
                network.isPresent() ? " host=127.0.0.1 port=" + network.get().port() + " sslmode=disable" : "";
        return WireConnection.open(
                settings(server, "application_name=receiver" + way + entrance),
                SessionKind.PHYSICAL_REPLICATION,
                NoticeListener.none());
    }

    /** How others enter the server. */
    ConnectionSettings entranceSettings() throws IOException {
        return settings(server, "application_name=other");
    }

    /** How it enters the server from now on, for example as another role. */
    void enters(String words) {
        entrance = " " + words;
    }

    private static ConnectionSettings settings(TestCluster server, String more) throws IOException {
        return ConnectionSettings.resolve(
                "host=" + server.socketDirectory() + " port=" + server.port() + " user=postgres dbname=postgres "
                        + more,
                ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "postgres"));
    }

    /** Starts a receiver and waits until it streams. */
    void start(WalReceiverRequest request) throws Exception {
        WalReceiver receiver = receiver(request);
        List<Exception> failures = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                receiver.run();
            } catch (Exception e) {
                failures.add(e);
            }
        });
        running = Optional.of(new Running(receiver, thread, failures));
        awaitStreaming();
    }

    void awaitStreaming() throws IOException {
        Waiting.until("the receiver streams", () -> {
            List<Exception> failures = running.orElseThrow().failures();
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            return server.query(
                            "select count(*) from pg_stat_replication where state = 'streaming' and flush_lsn is not"
                                    + " null")
                    .equals("1");
        });
    }

    /** Stops the receiver in order; what it failed with, if it did. */
    Optional<Exception> stop() throws InterruptedException {
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Running ended = running.get();
        running = Optional.empty();
        ended.receiver().stop();
        ended.thread().join();
        return ended.failures().stream().findFirst();
    }

    /** Waits until the receiver ends by itself. */
    Exception awaitFailure() throws InterruptedException {
        Running ended = running.orElseThrow();
        ended.thread().join(30_000);
        running = Optional.empty();
        return ended.failures().getFirst();
    }

    void backup() throws Exception {
        TestCluster current = server;
        try (ServerSession session = ServerSession.open(settings(current, ""))) {
            BackupRequest request = BackupRequest.of(current.dataDirectory(), "test")
                    .withJobs(2)
                    .withReceivedWal(true);
            new Backup(request, kept, session, ProgressListener.SILENT, new Random()).run();
        }
    }

    /** Kills the server and throws its disk away. */
    void loseServer() throws IOException, SQLException {
        server.kill();
        FileTree.delete(server.dataDirectory());
    }

    /** Everything on this host that the repository does not have yet goes there, beside the receiver. */
    void uploadAll() throws IOException {
        Optional<ReceiverDirectory> received = ReceiverDirectory.seen(directory(), kept.incarnation());
        if (received.isPresent()) {
            new Uploader(received.get(), kept, this).uploadAll();
        }
    }

    /** Restores to the end of all WAL that is known, starts the server, and makes it the one that is received from. */
    void restoreAndGoOn(String name) throws Exception {
        Path data = folder.resolve(name);
        Path wal = fetchedWal(folder.resolve(name + "-wal"));
        try (Repository opened = reopened()) {
            RestoreRequest request =
                    RestoreRequest.of("main", data, "cp " + wal + "/%f %p").until(new RecoveryTarget.Latest());
            new Restore(ProgressListener.SILENT).run(Restore.plan(opened, request));
        }
        TestCluster restored = TestCluster.existing(major, data);
        restored.start();
        restored.cluster().awaitPrimary(Duration.ofSeconds(60));
        TestCluster before = server;
        server = restored;
        before.close();
        FileTree.delete(wal);
    }

    private Repository reopened() throws IOException {
        return Repository.open(
                new LocalDirectoryStore(folder.resolve("repository")),
                Optional.empty(),
                Clock.systemUTC(),
                new SecureRandom());
    }

    /** All WAL as {@code wal get} gives it, running segments included. */
    Path fetchedWal(Path target) throws Exception {
        Files.createDirectory(target);
        RepositoryOpener opener = this::reopened;
        try (ArchiveAccess access =
                new ArchiveAccess("main", opener.besideReceiver(Optional.of(directory())), Clock.systemUTC())) {
            WalGet get = new WalGet(access);
            RepositoryWal wal = new RepositoryWal(kept);
            for (Timeline timeline : wal.timelines()) {
                TreeSet<WalSegmentName> names =
                        new TreeSet<>(kept.walArchive().running().list(timeline));
                for (long number : wal.segmentNumbers(timeline)) {
                    names.add(WalSegmentName.ofNumber(timeline, number, wal.segmentSize()));
                }
                List<WalFileName> files = new ArrayList<>();
                names.forEach(name -> files.add(new WalFileName.Segment(name)));
                files.add(new WalFileName.History(timeline));
                for (WalFileName file : files) {
                    get.getOfNewest(file, target.resolve(file.toString()));
                }
            }
        }
        return target;
    }

    Lsn position() throws SQLException {
        return Lsn.parse(server.query("select pg_current_wal_flush_lsn()"));
    }

    /** Another server in the place of this one. */
    void moveTo(UnaryOperator<TestCluster> other) {
        server = other.apply(server);
    }

    @Override
    public void info(String line) {
        lines.add(line);
    }

    @Override
    public void warning(String line) {
        lines.add("warning: " + line);
    }

    @Override
    public void close() throws IOException, SQLException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        repository.close();
        FileTree.delete(folder);
    }
}

package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.storage.MemoryStore;
import org.pgark.testkit.TestCluster;

/** A real server that archives into a repository in memory. */
final class BackupFixture implements AutoCloseable {
    final TestCluster cluster;
    final Path incoming;
    final MemoryStore store = new MemoryStore();
    final Repository repository;
    final ClusterRepository kept;
    private Optional<WalFeeder> feeder = Optional.empty();

    private BackupFixture(TestCluster cluster, Path incoming) throws IOException {
        this.cluster = cluster;
        this.incoming = incoming;
        this.repository = Repository.create(store, InstantSource.system(), new SecureRandom());
        ControlFile control = ControlFile.read(cluster.dataDirectory());
        Incarnation incarnation = repository.registerCluster(
                "main", control.systemIdentifier(), control.major(), control.walSegmentSize());
        this.kept = repository.open(incarnation);
    }

    /** Starts a server whose segments have 1 MiB, and its archiving. */
    static BackupFixture started(int major, Map<String, String> settings) throws Exception {
        return started(major, true, settings);
    }

    /** The same of a cluster whose pages carry no checksums. */
    static BackupFixture withoutChecksums(int major, Map<String, String> settings) throws Exception {
        return started(major, false, settings);
    }

    private static BackupFixture started(int major, boolean checksums, Map<String, String> settings) throws Exception {
        Path incoming = Files.createTempDirectory("pgark-incoming-");
        TestCluster.Builder builder = TestCluster.of(major)
                .walSegmentMegabytes(1)
                .checksums(checksums)
                .archiveCommand(WalFeeder.command(incoming))
                .with("autovacuum", "off");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            builder = builder.with(setting.getKey(), setting.getValue());
        }
        TestCluster cluster = builder.created();
        cluster.cluster().user().own(incoming);
        cluster.start();
        BackupFixture fixture = new BackupFixture(cluster, incoming);
        fixture.feed();
        return fixture;
    }

    void feed() {
        feeder = Optional.of(new WalFeeder(incoming, kept.walArchive()));
    }

    void stopFeeding() {
        if (feeder.isPresent()) {
            feeder.get().close();
            feeder = Optional.empty();
        }
    }

    static ServerSession session(TestCluster cluster) throws IOException {
        return session(cluster, "postgres");
    }

    static ServerSession session(TestCluster cluster, String user) throws IOException {
        return session(cluster, user, "postgres");
    }

    static ServerSession session(TestCluster cluster, String user, String database) throws IOException {
        ConnectionEnvironment bare = ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "postgres");
        return ServerSession.open(ConnectionSettings.resolve(
                "host=" + cluster.socketDirectory() + " port=" + cluster.port() + " user=" + user + " dbname="
                        + database,
                bare));
    }

    BackupRequest request() {
        return BackupRequest.of(cluster.dataDirectory(), "test").withJobs(2);
    }

    BackupOutcome backup() throws Exception {
        return backup(request(), ProgressListener.SILENT);
    }

    BackupOutcome backup(BackupRequest request, ProgressListener progress) throws Exception {
        return backup(cluster, request, progress);
    }

    /** Backs another cluster up into the same repository, which has to be one of the same system identifier. */
    BackupOutcome backup(TestCluster other, BackupRequest request, ProgressListener progress) throws Exception {
        try (ServerSession session = session(other)) {
            return new Backup(request, kept, session, progress, new Random()).run();
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        stopFeeding();
        cluster.close();
        repository.close();
        FileTree.delete(incoming);
    }
}

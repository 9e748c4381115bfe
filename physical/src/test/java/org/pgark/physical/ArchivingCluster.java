package org.pgark.physical;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pgark.embedded.FileTree;
import org.pgark.physical.backup.Backup;
import org.pgark.physical.backup.BackupOutcome;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/**
 * A cluster whose server archives into a plain folder, from which a thread takes every file into a repository. Restored
 * servers fetch from that folder.
 */
public final class ArchivingCluster implements AutoCloseable {
    /** An archiver that was told of a segment just before it began to wait looks again after a minute. */
    private static final Duration ARCHIVER = Duration.ofSeconds(90);

    /** What the cluster is called in its repository. */
    public static final String NAME = "main";

    private final Path folder;
    private final Path walFolder;
    private final TestCluster cluster;
    private final Repository repository;
    private final ClusterRepository source;
    private final Thread archiver;
    private final Set<String> archived = new HashSet<>();
    private volatile boolean closed;

    private ArchivingCluster(Path folder, Path walFolder, TestCluster cluster) throws IOException {
        this.folder = folder;
        this.walFolder = walFolder;
        this.cluster = cluster;
        this.repository =
                Repository.create(new LocalDirectoryStore(repositoryFolder()), Clock.systemUTC(), new SecureRandom());
        ControlFile control = ControlFile.read(cluster.dataDirectory());
        Incarnation incarnation =
                repository.registerCluster(NAME, control.systemIdentifier(), control.major(), control.walSegmentSize());
        this.source = repository.open(incarnation);
        this.archiver = Thread.ofPlatform().daemon().start(this::archiveForEver);
    }

    /** Starts a server whose segments have 1 MiB. */
    public static ArchivingCluster started(int major, UnaryOperator<TestCluster.Builder> options)
            throws IOException, SQLException {
        Path folder = Files.createTempDirectory("pgark-restore-");
        Path walFolder = Files.createDirectory(folder.resolve("wal"));
        Path repositoryFolder = Files.createDirectory(folder.resolve("repository"));
        for (Path shared : new Path[] {folder, walFolder, repositoryFolder}) {
            Files.setPosixFilePermissions(shared, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        TestCluster cluster = options.apply(TestCluster.of(major)
                        .archiveCommand(
                                "cp %p " + walFolder + "/%f.part && mv " + walFolder + "/%f.part " + walFolder + "/%f")
                        .walSegmentMegabytes(1))
                .started();
        return new ArchivingCluster(folder, walFolder, cluster);
    }

    /** The cluster that archives. */
    public TestCluster cluster() {
        return cluster;
    }

    /** The repository, as the archiver has it open. */
    public Repository repository() {
        return repository;
    }

    /** The same repository, without anything that was read before. */
    public Repository opened() throws IOException {
        return Repository.open(
                new LocalDirectoryStore(repositoryFolder()), Optional.empty(), Clock.systemUTC(), new SecureRandom());
    }

    /** The part of the repository that is this cluster's. */
    public ClusterRepository source() {
        return source;
    }

    /** Holds the repository and the folder that restored servers fetch from. */
    public Path folder() {
        return folder;
    }

    /** Where the repository is. */
    public Path repositoryFolder() {
        return folder.resolve("repository");
    }

    /** For a server that is restored. */
    public String restoreCommand() {
        return "cp " + walFolder + "/%f %p";
    }

    /** The version of the server. */
    public PostgresMajor major() {
        return source.incarnation().major();
    }

    /** Takes a backup. */
    public BackupRecord backup() throws Exception {
        return backup(request -> request, ProgressListener.SILENT).record();
    }

    /** Takes a backup in some way. */
    public BackupOutcome backup(UnaryOperator<BackupRequest> options, ProgressListener progress) throws Exception {
        return backup(cluster, options, progress);
    }

    /** Takes a backup of one of the standbys of this cluster. */
    public BackupRecord backup(TestCluster standby, ProgressListener progress) throws Exception {
        return backup(standby, request -> request, progress).record();
    }

    private BackupOutcome backup(TestCluster server, UnaryOperator<BackupRequest> options, ProgressListener progress)
            throws Exception {
        String connection = "host=" + server.socketDirectory() + " port=" + server.port() + " user="
                + server.query("select current_user") + " dbname=postgres";
        ConnectionSettings settings = ConnectionSettings.resolve(
                connection, ConnectionEnvironment.of(Map.of(), folder, server.query("select current_user")));
        try (ServerSession session = ServerSession.open(settings)) {
            BackupRequest request =
                    BackupRequest.of(server.dataDirectory(), "0.1.0").withArchiveTimeout(Duration.ofSeconds(60));
            return new Backup(options.apply(request), source, session, progress, new SecureRandom()).run();
        }
    }

    /** Ends the current segment and waits until it and all before are in the repository. */
    public void archiveAll() throws IOException, SQLException {
        String segment = cluster.switchWal();
        Waiting.until("segment " + segment + " is archived", ARCHIVER, () -> isArchived(segment));
        try (Stream<Path> files = Files.list(walFolder)) {
            for (Path file :
                    files.filter(file -> !file.toString().endsWith(".part")).toList()) {
                Waiting.until(file + " is archived", ARCHIVER, () -> isArchived(String.valueOf(file.getFileName())));
            }
        }
    }

    private boolean isArchived(String name) {
        synchronized (archived) {
            return archived.contains(name);
        }
    }

    private void archiveForEver() {
        while (!closed) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(walFolder)) {
                for (Path file : files) {
                    archive(file);
                }
                Thread.sleep(20);
            } catch (IOException e) {
                if (!closed) {
                    throw new java.io.UncheckedIOException(e);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void archive(Path file) throws IOException {
        String name = file.getFileName().toString();
        synchronized (archived) {
            if (name.endsWith(".part") || archived.contains(name)) {
                return;
            }
        }
        WalArchive archive = source.walArchive();
        archive.put(WalFileName.parse(name), ArchivedSource.of(file, WalFileName.parse(name)));
        synchronized (archived) {
            archived.add(name);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        closed = true;
        archiver.interrupt();
        try {
            archiver.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cluster.close();
        repository.close();
        FileTree.delete(folder);
    }
}

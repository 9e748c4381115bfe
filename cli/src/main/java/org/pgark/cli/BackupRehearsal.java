package org.pgark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pgark.cli.process.Owner;
import org.pgark.embedded.Cluster;

/** Has the JVM see a server backed up, once in full and once from what changed, and restored. */
final class BackupRehearsal {
    private static final String DONE = ".done";

    private final Path folder;

    /** @param folder for the repository and what is restored, empty */
    BackupRehearsal(Path folder) {
        this.folder = folder;
    }

    /** Of a server with an archive_command that does nothing: what it is said to have archived is pushed here. */
    void run(Cluster cluster) throws IOException, SQLException, InterruptedException {
        Path data = cluster.dataDirectory();
        if (Owner.ofThisProcess().isRoot()) {
            stayRoot(data);
        }
        String configuration = folder.resolve("pgark.toml").toString();
        RehearseCommand.rehearse(
                configuration,
                List.of(
                        "init",
                        "--cluster",
                        "main",
                        "--pgdata",
                        data.toString(),
                        "--repo",
                        "file:" + folder.resolve("repository"),
                        "--connection",
                        "host=" + cluster.socketDirectory() + " port=" + cluster.port()
                                + " user=postgres dbname=postgres"));
        Thread archiver = Thread.ofPlatform().start(() -> archive(configuration, data));
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            RehearseCommand.rehearse(configuration, List.of("backup", "--checkpoint", "fast"));
            statement.execute("CREATE TABLE t AS SELECT n, 'row ' || n AS v FROM generate_series(1, 20000) n");
            RehearseCommand.rehearse(configuration, List.of("backup", "--checkpoint", "fast", "--json"));
        } finally {
            archiver.interrupt();
            archiver.join();
        }
        RehearseCommand.rehearse(
                configuration,
                List.of("restore", "--to", folder.resolve("restored").toString()));
    }

    /** Commands that root starts go on as the owner of the data directory, in another process, which would not be seen. */
    private static void stayRoot(Path data) throws IOException {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setOwner(data, Files.getOwner(Path.of("/proc/self")));
    }

    private static void archive(String configuration, Path data) {
        Set<String> pushed = new HashSet<>();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                for (String segment : archived(data)) {
                    if (pushed.add(segment)) {
                        RehearseCommand.rehearse(configuration, List.of("wal", "push", "pg_wal/" + segment));
                    }
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> archived(Path data) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> marks =
                Files.newDirectoryStream(data.resolve("pg_wal/archive_status"), "*" + DONE)) {
            for (Path mark : marks) {
                String name = mark.getFileName().toString();
                names.add(name.substring(0, name.length() - DONE.length()));
            }
        }
        names.sort(null);
        return names;
    }
}

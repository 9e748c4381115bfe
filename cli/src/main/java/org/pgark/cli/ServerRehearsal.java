package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Optional;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ClusterOptions;
import org.pgark.embedded.EmbeddedServers;
import org.pgark.embedded.FileTree;

/** What is rehearsed on a server. Where none can be run, later dumps and backups start a little slower. */
final class ServerRehearsal {
    private static final int MAJOR = 18;

    private final Optional<Path> home;
    private final Path folder;

    /**
     * @param home of the installed pgark whose programs are rehearsed too; empty for none
     * @param folder where archives, a repository and a restored cluster may go
     */
    ServerRehearsal(Optional<Path> home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    void run() throws IOException, InterruptedException {
        // Servers are run by another account, which has to come in.
        Path server = Files.createTempDirectory("pgark-rehearsal-server-");
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Cluster cluster = Cluster.create(
                EmbeddedServers.ofThisBuild().installation(MAJOR),
                server,
                ClusterOptions.DEFAULT
                        .withWalSegmentMegabytes(1)
                        .with("wal_keep_size", "64MB")
                        .with("archive_mode", "on")
                        .with("archive_command", "true"))) {
            cluster.start();
            if (home.isPresent()) {
                new ProgramRehearsal(home.get(), folder).run(cluster);
            }
            new BackupRehearsal(Files.createDirectory(folder.resolve("backup"))).run(cluster);
        } catch (IOException | SQLException e) {
            e.printStackTrace();
            System.getLogger(ServerRehearsal.class.getName())
                    .log(System.Logger.Level.WARNING, "no server was rehearsed: " + e.getMessage());
        } finally {
            FileTree.delete(server);
        }
    }
}

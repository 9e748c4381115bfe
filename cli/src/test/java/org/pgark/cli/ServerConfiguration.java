package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.pgark.testkit.TestCluster;

/** A configuration file with cluster {@code main}, which is a server that runs. */
final class ServerConfiguration {
    private ServerConfiguration() {}

    /**
     * Writes {@code pgark.toml}.
     *
     * @param before the tables of the repositories
     * @param more what stands in the cluster's table besides its place and its connection
     */
    static void write(Path folder, TestCluster server, String before, String more) throws IOException, SQLException {
        Path file = Files.writeString(
                folder.resolve("pgark.toml"),
                before
                        + """
            [cluster.main]
            pgdata = "%s"
            connection = "host=%s port=%d user=%s dbname=postgres"
            """.formatted(
                                        server.dataDirectory(),
                                        server.socketDirectory(),
                                        server.port(),
                                        server.query("select current_user"))
                        + more);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}

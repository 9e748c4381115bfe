package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.SampleDatabase;
import org.pgark.embedded.StopMode;

/**
 * A protected cluster that holds the sample database in a tablespace of its own, by which its restored copies are judged.
 *
 * @param protectedCluster the cluster
 * @param tablespace where the tablespace lies
 * @param rows what the tables hold
 */
record SampleCluster(ProtectedCluster protectedCluster, Path tablespace, String rows) implements AutoCloseable {
    private static final String TABLESPACE = "lines";

    /** Starts a cluster of this major version with so much in it, of which nothing is backed up yet. */
    static SampleCluster started(int major, int megabytes) throws IOException, SQLException {
        ProtectedCluster started = ProtectedCluster.started(major);
        try {
            Path tablespace = started.cluster().tablespace(TABLESPACE);
            SampleDatabase.load(started.cluster().cluster()::connect, megabytes, TABLESPACE);
            return new SampleCluster(
                    started, tablespace, SampleRows.of(started.cluster().jdbc()));
        } catch (IOException | SQLException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** Starts a server on a restored copy, and stops it when it was seen to hold the same rows. */
    void assertRestored(Path place) throws IOException, SQLException {
        Cluster server = protectedCluster.startRestored(place);
        try (Connection connection = server.connect()) {
            assertThat(SampleRows.of(connection)).isEqualTo(rows);
        }
        server.stop(StopMode.IMMEDIATE);
    }

    @Override
    public void close() throws IOException, SQLException {
        protectedCluster.close();
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.metrics.Metric;
import org.pgark.cli.metrics.Samples;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentName;

/** What is known of a cluster's receiver of WAL: in its directory on this host, and at the server about its slot. */
final class ReceiverMetrics {
    private ReceiverMetrics() {}

    /** Counts what is in the directory; nothing where there is none on this host. */
    static Samples ofDirectory(ClusterConfiguration cluster) throws IOException {
        Samples samples = Samples.of(cluster.name());
        Optional<Path> directory = cluster.receive().directory().filter(Files::isDirectory);
        if (directory.isPresent()) {
            long segments = 0;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.get())) {
                for (Path file : files) {
                    segments += WalSegmentName.isName(String.valueOf(file.getFileName())) ? 1 : 0;
                }
            }
            samples.add(Metric.RECEIVER_DIRECTORY_SEGMENTS, segments);
        }
        return samples;
    }

    /** Asks the server how much the slot keeps. */
    static Samples ofSlot(ClusterConfiguration cluster, String slot) throws IOException {
        Samples samples = Samples.of(cluster.name());
        ConnectionSettings settings = ConnectionSettings.resolve(cluster.connection(), ConnectionEnvironment.current())
                .withApplicationNameIfNone("pgark");
        try (ServerSession session = ServerSession.open(settings)) {
            samples.add(Metric.SERVER_UP, true);
            Optional<String> found = session.queryOptionalText(
                    "SELECT active::int || ' ' || coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN"
                            + " coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) ELSE"
                            + " pg_current_wal_lsn() END, restart_lsn)::text, '')"
                            + " FROM pg_replication_slots WHERE slot_name = ?",
                    slot);
            samples.add(Metric.SLOT_EXISTS, found.isPresent());
            found.ifPresent(line -> measure(line, samples));
        }
        return samples;
    }

    private static void measure(String line, Samples samples) {
        int space = line.indexOf(' ');
        samples.add(Metric.SLOT_ACTIVE, line.startsWith("1"));
        String kept = line.substring(space + 1);
        // One that was never used, or was invalidated, keeps nothing.
        if (!kept.isEmpty()) {
            samples.add(Metric.SLOT_KEPT_BYTES, Math.max(0, Long.parseLong(kept)));
        }
    }

    static Samples ofUnreachable(ClusterConfiguration cluster) {
        Samples samples = Samples.of(cluster.name());
        samples.add(Metric.SERVER_UP, false);
        return samples;
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.metrics.Metric;
import org.pgark.cli.metrics.Samples;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.physical.wal.WaitingWal;
import org.pgark.physical.wal.WorkerState;

/** What is known on this host of a cluster's WAL on its way into the archive, measured. */
final class HostMetrics {
    private HostMetrics() {}

    /**
     * Measures what there is: a cluster that is not on this host has no {@code pg_wal} here, one that was never archived
     * here has no worker.
     *
     * @throws IOException if something that is there cannot be read
     */
    static Samples of(ClusterConfiguration cluster, BacklogLimit limit) throws IOException {
        BacklogReport report = BacklogReport.of(cluster, limit);
        Optional<Path> data = cluster.dataDirectory().filter(Files::exists);
        if (data.isPresent() && report.waiting().isEmpty()) {
            throw new IOException("\"" + data.get().resolve("pg_wal/archive_status") + "\" cannot be read");
        }
        return of(cluster.name(), report);
    }

    /** What a report has. */
    static Samples of(String cluster, BacklogReport report) {
        Samples samples = Samples.of(cluster);
        report.waiting().ifPresent(waiting -> measure(waiting, report.limit(), report.isLimitReached(), samples));
        report.worker().ifPresent(worker -> measure(worker, report.released(), samples));
        return samples;
    }

    private static void measure(WaitingWal waiting, BacklogLimit limit, boolean reached, Samples samples) {
        samples.add(Metric.WAL_WAITING_FILES, waiting.files());
        samples.add(Metric.WAL_WAITING_BYTES, waiting.bytes());
        waiting.since().ifPresent(since -> samples.add(Metric.WAL_WAITING_SINCE_TIMESTAMP_SECONDS, since));
        if (limit.bytes() > 0) {
            samples.add(Metric.WAL_WAITING_LIMIT_BYTES, limit.bytes());
        }
        if (!limit.age().isZero()) {
            samples.add(Metric.WAL_WAITING_LIMIT_SECONDS, limit.age().toSeconds());
        }
        if (!limit.isOff()) {
            samples.add(Metric.WAL_WAITING_LIMIT_REACHED, reached);
        }
    }

    private static void measure(WorkerState worker, List<ReleasedWal> released, Samples samples) {
        samples.add(Metric.WAL_LET_GO_FILES, released.size());
        samples.add(
                Metric.WAL_GIVEN_UP_FILES,
                released.stream().filter(one -> !one.kept()).count());
        samples.add(Metric.WORKER_START_TIMESTAMP_SECONDS, worker.since());
        samples.addCount(Metric.WORKER_ARCHIVED_FILES_TOTAL, worker.archived(), worker.since());
        samples.addCount(Metric.WORKER_FAILURES_TOTAL, worker.failures(), worker.since());
        samples.addCount(Metric.WORKER_REPEATED_REQUESTS_TOTAL, worker.repeated(), worker.since());
        worker.lastFailure()
                .ifPresent(failure -> samples.add(Metric.WORKER_LAST_FAILURE_TIMESTAMP_SECONDS, failure.time()));
    }
}

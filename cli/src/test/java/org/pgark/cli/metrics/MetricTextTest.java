package org.pgark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricTextTest {
    private static List<Samples> some() {
        Samples repository = Samples.of("main", "far");
        repository.add(Metric.REPOSITORY_UP, true);
        Samples other = Samples.of("main", "near");
        other.add(Metric.REPOSITORY_UP, false);
        Samples host = Samples.of("main");
        host.addCount(Metric.WORKER_FAILURES_TOTAL, 3, Instant.ofEpochSecond(1_700_000_000));
        return List.of(repository, other, host);
    }

    @Test
    void writesWhatPrometheusReads() throws IOException {
        assertThat(MetricText.PROMETHEUS.of("1.2", some())).isEqualTo("""
            # HELP pgark_build_info the version of pgark that measured
            # TYPE pgark_build_info gauge
            pgark_build_info{version="1.2"} 1
            # HELP pgark_repository_up 1 if the repository answered, 0 if not
            # TYPE pgark_repository_up gauge
            pgark_repository_up{cluster="main",repository="far"} 1.0
            pgark_repository_up{cluster="main",repository="near"} 0.0
            # HELP pgark_worker_failures_total how often archiving a file has failed since the archive worker was started
            # TYPE pgark_worker_failures_total counter
            pgark_worker_failures_total{cluster="main"} 3.0
            """);
    }

    @Test
    void openMetricsAlsoSaysSinceWhenItCounts() throws IOException {
        assertThat(MetricText.OPEN_METRICS.of("1.2", some()))
                .contains("# TYPE pgark_build info\n", "# TYPE pgark_worker_failures counter\n")
                .contains("pgark_worker_failures_total{cluster=\"main\"} 3.0\n")
                .contains("pgark_worker_failures_created{cluster=\"main\"} 1700000000.000\n")
                .endsWith("# EOF\n");
    }

    @Test
    void everyMetricIsDocumented() throws IOException {
        String page = Files.readString(Path.of("../docs/metrics.md"));
        for (Metric metric : Metric.values()) {
            assertThat(page).contains("`" + metric.text() + "`");
        }
        assertThat(page.lines().filter(line -> line.startsWith("| `pgark_"))).hasSize(Metric.values().length + 1);
    }
}

package org.pgark.cli.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes samples in the formats that Prometheus and its kin read. */
public enum MetricText {
    /** Prometheus' text format 0.0.4, the one that node_exporter's textfile collector takes. */
    PROMETHEUS,
    /** OpenMetrics 1.0, which also says since when counters count. */
    OPEN_METRICS;

    /** The text, with a sample that names the version of pgark. */
    public String of(String version, List<Samples> samples) throws IOException {
        Map<Metric, List<Samples.Sample>> byMetric = new EnumMap<>(Metric.class);
        for (Samples some : samples) {
            for (Samples.Sample sample : some.all()) {
                byMetric.computeIfAbsent(sample.metric(), _ -> new ArrayList<>())
                        .add(sample);
            }
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        snapshots.add(InfoSnapshot.builder()
                .name("pgark_build")
                .help("the version of pgark that measured")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", version))
                        .build())
                .build());
        byMetric.forEach(
                (metric, found) -> snapshots.add(metric.isCounter() ? counter(metric, found) : gauge(metric, found)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer().write(out, new MetricSnapshots(snapshots), EscapingScheme.UNDERSCORE_ESCAPING);
        return out.toString(StandardCharsets.UTF_8);
    }

    private ExpositionFormatWriter writer() {
        return switch (this) {
            case PROMETHEUS -> PrometheusTextFormatWriter.create();
            case OPEN_METRICS -> new OpenMetricsTextFormatWriter(true, false);
        };
    }

    private static MetricSnapshot gauge(Metric metric, List<Samples.Sample> samples) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.base()).help(metric.help());
        for (Samples.Sample sample : samples) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(sample.value())
                    .labels(labels(sample.subject()))
                    .build());
        }
        return gauge.build();
    }

    private static MetricSnapshot counter(Metric metric, List<Samples.Sample> samples) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(metric.base()).help(metric.help());
        for (Samples.Sample sample : samples) {
            CounterDataPointSnapshot.Builder point =
                    CounterDataPointSnapshot.builder().value(sample.value()).labels(labels(sample.subject()));
            sample.since().ifPresent(since -> point.createdTimestampMillis(since.toEpochMilli()));
            counter.dataPoint(point.build());
        }
        return counter.build();
    }

    private static Labels labels(Samples.Subject subject) {
        Labels labels = Labels.of("cluster", subject.cluster());
        return subject.repository()
                .map(repository -> labels.add("repository", repository))
                .orElse(labels);
    }
}

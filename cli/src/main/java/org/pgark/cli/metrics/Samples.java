package org.pgark.cli.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What was measured, in the order in which it was found out. For one thread. */
public final class Samples {
    private final List<Sample> all = new ArrayList<>();

    /** About whom they are said. */
    private final Subject subject;

    /**
     * What samples are about.
     *
     * @param cluster the cluster's name
     * @param repository the name of one of its repositories; empty for what is not about one
     */
    public record Subject(String cluster, Optional<String> repository) {}

    /**
     * One measurement.
     *
     * @param since for a counter, when it began to count
     */
    record Sample(Metric metric, Subject subject, double value, Optional<Instant> since) {
        Sample {
            Objects.requireNonNull(metric, "metric is null");
            Objects.requireNonNull(subject, "subject is null");
            Objects.requireNonNull(since, "since is null");
        }
    }

    private Samples(Subject subject) {
        this.subject = subject;
    }

    /** None yet, about a cluster. */
    public static Samples of(String cluster) {
        return new Samples(new Subject(cluster, Optional.empty()));
    }

    /** None yet, about a cluster in one of its repositories. */
    public static Samples of(String cluster, String repository) {
        return new Samples(new Subject(cluster, Optional.of(repository)));
    }

    public void add(Metric metric, double value) {
        all.add(new Sample(metric, subject, value, Optional.empty()));
    }

    public void add(Metric metric, long value) {
        add(metric, (double) value);
    }

    public void add(Metric metric, boolean value) {
        add(metric, value ? 1L : 0L);
    }

    /** An instant, as seconds since 1970. */
    public void add(Metric metric, Instant value) {
        add(metric, value.toEpochMilli() / 1000.0);
    }

    /** What a counter shows that began at an instant. */
    public void addCount(Metric metric, long value, Instant since) {
        all.add(new Sample(metric, subject, value, Optional.of(since)));
    }

    List<Sample> all() {
        return List.copyOf(all);
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.metrics.Metric;
import org.pgark.cli.metrics.Samples;
import org.pgark.cli.output.Output;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.repository.Repository;

/**
 * Measures clusters in all of their repositories. Each repository and each server is asked by a thread of its own, and is
 * taken for out of reach when it has not answered in time; what is known of the others comes all the same.
 */
final class MetricsRun implements AutoCloseable {
    private final List<ClusterConfiguration> clusters;
    private final BacklogLimit limit;
    private final Duration patience;
    private final Output output;
    private final List<Samples> samples = new ArrayList<>();
    private final Map<String, Repository> answered = new LinkedHashMap<>();
    private boolean complete = true;

    /** @param patience how long all of it may take, and comparing several repositories as long again */
    MetricsRun(List<ClusterConfiguration> clusters, BacklogLimit limit, Duration patience, Output output) {
        this.clusters = List.copyOf(clusters);
        this.limit = limit;
        this.patience = patience;
        this.output = output;
    }

    /**
     * What a repository told.
     *
     * @param problems what it could not tell
     */
    private record Answer(Repository repository, List<Samples> samples, List<String> problems) {}

    /** Whether everybody answered, so far. */
    boolean isComplete() {
        return complete;
    }

    List<Samples> measure() throws InterruptedException {
        Map<RepositoryConfiguration, Inquiry<Answer>> repositories = new LinkedHashMap<>();
        Map<ClusterConfiguration, Inquiry<Samples>> servers = new LinkedHashMap<>();
        for (ClusterConfiguration cluster : clusters) {
            for (RepositoryConfiguration repository : cluster.repositories()) {
                repositories.computeIfAbsent(
                        repository, one -> Inquiry.begin("repository \"" + one.name() + "\"", () -> ask(one)));
            }
            cluster.receive()
                    .slot()
                    .ifPresent(slot -> servers.put(
                            cluster,
                            Inquiry.begin(
                                    "the server of cluster \"" + cluster.name() + "\"",
                                    () -> ReceiverMetrics.ofSlot(cluster, slot))));
        }
        long end = System.nanoTime() + patience.toNanos();
        clusters.forEach(this::lookHere);
        for (Map.Entry<RepositoryConfiguration, Inquiry<Answer>> one : repositories.entrySet()) {
            take(one.getKey(), one.getValue().answer(end, output));
        }
        for (Map.Entry<ClusterConfiguration, Inquiry<Samples>> one : servers.entrySet()) {
            Optional<Samples> answer = one.getValue().answer(end, output);
            complete &= answer.isPresent();
            samples.add(answer.orElseGet(() -> ReceiverMetrics.ofUnreachable(one.getKey())));
        }
        compare();
        return samples;
    }

    private void lookHere(ClusterConfiguration cluster) {
        try {
            samples.add(HostMetrics.of(cluster, limit));
            samples.add(ReceiverMetrics.ofDirectory(cluster));
        } catch (IOException e) {
            complete = false;
            output.warning("of the WAL of cluster \"" + cluster.name() + "\" that waits here nothing is known: "
                    + e.getMessage());
        }
    }

    private List<ClusterConfiguration> clustersOf(RepositoryConfiguration repository) {
        return clusters.stream()
                .filter(cluster -> cluster.repositories().contains(repository))
                .toList();
    }

    private Answer ask(RepositoryConfiguration settings) throws IOException {
        Repository repository = Repositories.open(settings);
        List<Samples> told = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ClusterConfiguration cluster : clustersOf(settings)) {
            try {
                told.add(RepositoryMetrics.of(cluster.name(), settings.name(), repository));
            } catch (IOException e) {
                told.add(RepositoryMetrics.ofUnreachable(cluster.name(), settings.name()));
                problems.add("repository \"" + settings.name() + "\" does not tell of cluster \"" + cluster.name()
                        + "\": " + e.getMessage());
            }
        }
        return new Answer(repository, told, problems);
    }

    private void take(RepositoryConfiguration repository, Optional<Answer> answer) {
        complete &= answer.isPresent();
        if (answer.isEmpty()) {
            clustersOf(repository)
                    .forEach(
                            cluster -> samples.add(RepositoryMetrics.ofUnreachable(cluster.name(), repository.name())));
            return;
        }
        answered.put(repository.name(), answer.get().repository());
        samples.addAll(answer.get().samples());
        complete &= answer.get().problems().isEmpty();
        answer.get().problems().forEach(output::warning);
    }

    /** Finds out what those that answered lack of each other's WAL. */
    private void compare() throws InterruptedException {
        Map<String, Inquiry<List<Samples>>> comparisons = new LinkedHashMap<>();
        for (ClusterConfiguration cluster : clusters) {
            List<Clusters.Opened> places = cluster.repositories().stream()
                    .filter(repository -> answered.containsKey(repository.name()))
                    .map(repository -> new Clusters.Opened(repository.name(), opened(repository.name())))
                    .toList();
            if (places.size() > 1) {
                comparisons.put(
                        cluster.name(),
                        Inquiry.begin(
                                "what the repositories of cluster \"" + cluster.name() + "\" lack",
                                () -> behind(cluster.name(), places)));
            }
        }
        long end = System.nanoTime() + patience.toNanos();
        for (Inquiry<List<Samples>> comparison : comparisons.values()) {
            Optional<List<Samples>> found = comparison.answer(end, output);
            complete &= found.isPresent();
            found.ifPresent(samples::addAll);
        }
    }

    private Repository opened(String name) {
        return java.util.Objects.requireNonNull(answered.get(name), "repository is not open");
    }

    private static List<Samples> behind(String cluster, List<Clusters.Opened> places) throws Exception {
        WalFilling filling = new WalFilling(cluster, places);
        List<Samples> all = new ArrayList<>();
        for (Clusters.Opened place : places) {
            if (place.repository().cluster(cluster).newest().isPresent()) {
                long segments = filling.lacks(place).stream()
                        .mapToLong(lack -> lack.backlog().segments())
                        .sum();
                Samples samples = Samples.of(cluster, place.name());
                samples.add(Metric.WAL_BEHIND_SEGMENTS, segments);
                all.add(samples);
            }
        }
        return all;
    }

    /** Closes those that answered; one that did so too late ends with the process. */
    @Override
    public void close() throws IOException {
        for (Repository repository : answered.values()) {
            repository.close();
        }
    }
}

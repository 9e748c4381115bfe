package org.pgark.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.OperationException;

/** Brings what a receiver brought to the nearest repository on to the others, now and then, on a thread of its own. */
final class ReceiverFilling implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Configuration configuration;
    private final String cluster;
    private final Output output;
    private final Thread thread;
    private final Set<String> away = new HashSet<>();

    ReceiverFilling(Configuration configuration, String cluster, Output output) {
        this.configuration = configuration;
        this.cluster = cluster;
        this.output = output;
        this.thread = Thread.ofPlatform().daemon().name("filling").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                try {
                    fill();
                } catch (IOException | OperationException | ConfigurationException e) {
                    output.warning("WAL is not brought to the other repositories: " + e.getMessage());
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens them anew each time, so that nothing old is believed of one that was away. */
    private void fill() throws IOException, OperationException, ConfigurationException, InterruptedException {
        try (Clusters opened = Clusters.of(configuration, new RepoOption())) {
            WalFilling filling = new WalFilling(cluster, opened.repositories(cluster));
            for (Clusters.Opened place : opened.repositories(cluster)) {
                try {
                    filling.fill(place, output);
                } catch (IOException e) {
                    opened.noteUnreachable(place.name(), e);
                }
            }
            tell(Set.copyOf(opened.unreachable()));
        }
    }

    private void tell(Set<String> now) {
        for (String name : now) {
            if (away.add(name)) {
                output.warning("repository \"" + name + "\" cannot be reached, it gets WAL when it is back");
            }
        }
        if (away.retainAll(now)) {
            output.remark("repositories are back");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

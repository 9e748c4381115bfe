package org.pgark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.metrics.MetricFile;
import org.pgark.cli.metrics.MetricText;
import org.pgark.physical.failure.FailedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark metrics}: how things stand, for monitoring. */
@Command(
        name = "metrics",
        description = "Measure backups, recovery windows and WAL, in the text format of Prometheus.",
        footer = {
            "",
            "A repository that does not answer shows as pgark_repository_up 0, and the rest comes all the same.",
            "Exit code 1 if somebody did not answer or something here could not be read; the text is complete but for it."
        })
final class MetricsCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Option(names = "--cluster", paramLabel = "NAME", description = "only this cluster (default: all of them)")
    private @Nullable String cluster;

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "put the text in this file's place at once, as node_exporter's textfile collector needs it")
    private @Nullable Path file;

    @Option(names = "--openmetrics", description = "in the text format of OpenMetrics 1.0")
    private boolean openMetrics;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long to wait for repositories and servers (default: 30)")
    private int timeoutSeconds;

    @Override
    public Integer call() throws Exception {
        if (pgark.global().json) {
            throw pgark.usage("metrics has no form in JSON; \"list --json\" and \"wal status --json\" have");
        }
        Duration timeout = Duration.ofSeconds(pgark.atLeastOne("--timeout", timeoutSeconds));
        Configuration configuration = pgark.configuration();
        try (MetricsRun run =
                new MetricsRun(clusters(configuration), configuration.archive().backlog(), timeout, pgark.output())) {
            String text =
                    (openMetrics ? MetricText.OPEN_METRICS : MetricText.PROMETHEUS).of(Version.text(), run.measure());
            if (file != null) {
                replace(file, text);
            } else {
                pgark.invocation().out().write(text.getBytes(StandardCharsets.UTF_8));
                pgark.invocation().out().flush();
            }
            return (run.isComplete() ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    private static void replace(Path file, String text) throws FailedException {
        try {
            MetricFile.replace(file, text);
        } catch (IOException e) {
            throw new FailedException(
                    "metrics_file",
                    "file \"" + file + "\" cannot be replaced: " + e,
                    "Its folder has to be there, and this user has to have the right to write in it.");
        }
    }

    private List<ClusterConfiguration> clusters(Configuration configuration) throws Exception {
        List<ClusterConfiguration> all =
                cluster == null ? configuration.clusters() : List.of(configuration.cluster(Optional.of(cluster)));
        List<ClusterConfiguration> chosen = new ArrayList<>();
        for (ClusterConfiguration one : all) {
            chosen.add(one.in(repository.name()));
        }
        return chosen;
    }
}

package org.pgark.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.output.Output;
import org.pgark.repository.care.Arc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark verify}: reads back every object that a backup needs. */
@Command(
        name = "verify",
        description = "Read back every object that a backup needs and check it.",
        footer = {
            "",
            "Without BACKUP the newest one is verified. --sample reads a part of everything instead, another one each"
                    + " time:",
            "--sample 5%% each night reads everything in 20 nights. What was found is remembered; \"pgark list\" shows"
                    + " it.",
            "Exit code 3 if damage was found."
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "BACKUP",
            description = "the backup's id, any unambiguous beginning of it, or \"latest\"")
    private @Nullable String id;

    @Option(names = "--all", description = "verify all backups")
    private boolean all;

    @Option(
            names = "--sample",
            paramLabel = "P%",
            description = "read this share of all packs and WAL, going on where the last sample ended")
    private @Nullable String sample;

    @Option(
            names = "--wal",
            description = "read all WAL from the oldest backup to the end of the windows, record by record")
    private boolean wal;

    @Option(names = "--jobs", paramLabel = "N", description = "how many threads read at once")
    private @Nullable Integer jobs;

    @Override
    public Integer call() throws Exception {
        if (all && id != null) {
            throw pgark.usage("--all and a backup exclude each other");
        }
        if (sample != null && (all || id != null)) {
            throw pgark.usage("--sample is about all backups, and excludes --all and a backup");
        }
        Output output = pgark.output();
        VerifyRun run = new VerifyRun(output, threads());
        boolean complete;
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            if (sample != null) {
                run.sample(opened, cluster.name(), points(sample));
            } else {
                List<Clusters.Found> chosen = all
                        ? opened.findAll(cluster.name())
                        : opened.findEverywhere(cluster.name(), id == null ? "latest" : id);
                run.backups(chosen, all);
            }
            if (wal) {
                run.wal(opened, cluster.name());
            }
            run.windows(opened, cluster.name());
            complete = opened.tellUnreachable(output);
        }
        output.result(run.document());
        return (!run.sound() ? ExitCode.DAMAGE_FOUND : complete ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private int threads() {
        return jobs == null ? Runtime.getRuntime().availableProcessors() : pgark.atLeastOne("--jobs", jobs);
    }

    private int points(String text) {
        if (text.matches("\\d{1,3}(\\.\\d{1,4})?%?")) {
            double percent = Double.parseDouble(text.replace("%", ""));
            if (percent > 0 && percent <= 100) {
                return Math.max(1, (int) Math.ceil(percent / 100 * Arc.POINTS));
            }
        }
        throw pgark.usage("invalid value \"" + text + "\" of --sample, must be like \"5%\"");
    }
}

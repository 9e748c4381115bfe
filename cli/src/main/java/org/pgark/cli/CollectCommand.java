package org.pgark.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.collect.Collector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark collect}: frees what no backup needs. */
@Command(
        name = "collect",
        description = "Free what no backup needs, beside running backups and restores.",
        footer = {"", "May be killed and started again at any time. Exit code 3 if damage was found."})
final class CollectCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Option(names = "--dry-run", description = "say what would be freed and change nothing")
    private boolean dryRun;

    @Option(
            names = "--limit",
            paramLabel = "SHARE",
            description = "rewrite packs of which a smaller share is needed, 0 to 1 (default: ${DEFAULT-VALUE})")
    private double limit = CollectLines.DEFAULT_LIMIT;

    @Override
    public Integer call() throws Exception {
        if (!(limit >= 0 && limit <= 1)) {
            throw pgark.usage("invalid value \"" + limit + "\" of --limit, must be 0 to 1");
        }
        Output output = pgark.output();
        ObjectNode document = Output.object().put("dry_run", dryRun);
        ArrayNode clusters = document.putArray("clusters");
        boolean sound = true;
        boolean complete;
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            for (String name : opened.names(cluster.name())) {
                for (Clusters.Opened place : opened.repositories(name)) {
                    if (opened.isInSeveral(name)) {
                        output.line("repository " + place.name() + ":");
                    }
                    try {
                        for (Incarnation incarnation :
                                place.repository().cluster(name).incarnations()) {
                            CollectOutcome outcome = collect(place.repository().open(incarnation), output);
                            sound &= outcome.damaged().isEmpty();
                            CollectLines.text(name, outcome, dryRun).forEach(output::line);
                            clusters.add(CollectLines.json(name, incarnation, outcome)
                                    .put("repository", place.name()));
                        }
                    } catch (IOException e) {
                        if (!opened.isInSeveral(name)) {
                            throw e;
                        }
                        opened.noteUnreachable(place.name(), e);
                    }
                }
            }
            complete = opened.tellUnreachable(output);
        }
        output.result(document);
        return (!complete ? ExitCode.FAILED : sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND).number();
    }

    private CollectOutcome collect(ClusterRepository repository, Output output) throws Exception {
        try (Progress progress = Progress.on(output)) {
            Collector collector = CollectLines.collector(repository, limit, progress);
            return dryRun ? collector.plan() : collector.run();
        }
    }
}

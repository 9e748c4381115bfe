package org.pgark.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.physical.retention.Expiry;
import org.pgark.physical.retention.ExpiryPlan;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.retention.RetentionPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark expire}: lets go what the policies do not keep. */
@Command(
        name = "expire",
        description = "Let go the backups and the WAL that no rule keeps, and free their space.",
        footer = {
            "",
            "The rules are cluster.NAME.keep.* in the configuration; without any, nothing goes. May be killed and"
                    + " started",
            "again at any time, beside backups and restores. Exit code 3 if collecting found damage, 4 if nothing went"
                    + " because a",
            "clock may have been wrong."
        })
final class ExpireCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(names = "--dry-run", description = "say what would go and why, and change nothing")
    private boolean dryRun;

    @Option(names = "--no-collect", description = "leave it to \"pgark collect\" to free the space of backups")
    private boolean noCollect;

    @Option(names = "--trust-clock", description = "let go even if there are signs that a clock was wrong")
    private boolean trustClock;

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        Configuration configuration = pgark.configuration();
        ObjectNode document = Output.object().put("dry_run", dryRun);
        ArrayNode clusters = document.putArray("clusters");
        boolean sound = true;
        boolean refused = false;
        try (Clusters opened = Clusters.of(configuration)) {
            for (String name : opened.names(cluster.name())) {
                RetentionPolicy policy =
                        configuration.cluster(java.util.Optional.of(name)).keep();
                Repository repository = opened.repository(name);
                List<ClusterRepository> incarnations = new ArrayList<>();
                for (Incarnation incarnation : repository.cluster(name).incarnations()) {
                    incarnations.add(repository.open(incarnation));
                }
                ExpiryPlan plan;
                try (Progress progress = Progress.on(output)) {
                    Expiry expiry = new Expiry(incarnations, policy, progress.listener(), trustClock);
                    plan = dryRun ? expiry.plan(Instant.now()) : expiry.run(Instant.now());
                }
                ExpiryLines lines = new ExpiryLines(name, policy, plan, dryRun);
                lines.text().forEach(output::line);
                ObjectNode json = lines.json();
                clusters.add(json);
                refused |= plan.doubt().isPresent();
                if (!dryRun && !noCollect && !policy.isEmpty() && plan.doubt().isEmpty()) {
                    ArrayNode collected = json.putArray("collected");
                    for (ClusterRepository incarnation : incarnations) {
                        CollectOutcome outcome;
                        try (Progress progress = Progress.on(output)) {
                            outcome = CollectLines.collector(incarnation, CollectLines.DEFAULT_LIMIT, progress)
                                    .run();
                        }
                        sound &= outcome.damaged().isEmpty();
                        CollectLines.text(name, outcome, false).forEach(output::line);
                        collected.add(CollectLines.json(name, incarnation.incarnation(), outcome));
                    }
                }
            }
        }
        output.result(document);
        return (refused ? ExitCode.REFUSED : sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND).number();
    }
}

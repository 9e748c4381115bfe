package org.pgark.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.retention.Expiry;
import org.pgark.physical.retention.ExpiryPlan;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
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
            "again at any time, beside backups and restores. Of several repositories none lets anything go as long as"
                    + " one cannot be",
            "reached. Exit code 3 if collecting found damage, 4 if nothing" + " went because a clock",
            "may have been wrong, 5 if one repository waits for another."
        })
final class ExpireCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Option(names = "--dry-run", description = "say what would go and why, and change nothing")
    private boolean dryRun;

    @Option(names = "--no-collect", description = "leave it to \"pgark collect\" to free the space of backups")
    private boolean noCollect;

    @Option(names = "--trust-clock", description = "let go even if there are signs that a clock was wrong")
    private boolean trustClock;

    @Option(
            names = "--without",
            paramLabel = "REPOSITORY",
            description = "let go though this repository cannot be reached and may lack what goes; may be repeated")
    private List<String> without = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        Configuration configuration = pgark.configuration();
        for (String absent : without) {
            if (configuration.repositories().stream()
                    .noneMatch(one -> one.name().equals(absent))) {
                throw pgark.usage(
                        "invalid value \"" + absent + "\" of --without, no repository is configured by that name");
            }
        }
        ObjectNode document = Output.object().put("dry_run", dryRun);
        ArrayNode clusters = document.putArray("clusters");
        ExitCode worst = ExitCode.DONE;
        boolean complete;
        try (Clusters opened = Clusters.of(configuration, repository)) {
            for (String name : opened.names(cluster.name())) {
                RetentionPolicy policy =
                        configuration.cluster(Optional.of(name)).keep();
                for (Clusters.Opened place : opened.repositories(name)) {
                    if (opened.isInSeveral(name)) {
                        output.line("repository " + place.name() + ":");
                    }
                    try {
                        if (!dryRun && !policy.isEmpty()) {
                            awaitWal(configuration, name, place, output);
                        }
                        ExitCode code = expire(name, policy, place, clusters, output);
                        worst = worse(worst, code);
                    } catch (BusyException e) {
                        output.warning(e.getMessage() + "; nothing expires in repository \"" + place.name() + "\""
                                + e.hint().map(hint -> " (" + hint + ")").orElse(""));
                        worst = worse(worst, ExitCode.BUSY);
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
        return (complete || worst != ExitCode.DONE ? worst : ExitCode.FAILED).number();
    }

    private static ExitCode worse(ExitCode one, ExitCode other) {
        return other.number() > one.number() ? other : one;
    }

    /** A repository that is being filled, or that others are filled from, lets nothing go before that is done. */
    private void awaitWal(Configuration configuration, String name, Clusters.Opened place, Output output)
            throws Exception {
        if (!configuration.cluster(Optional.of(name)).hasSeveralRepositories()) {
            return;
        }
        try (Clusters all = Clusters.of(configuration, new RepoOption())) {
            List<Clusters.Opened> places = all.repositories(name);
            awaitAbsent(all);
            WalFilling filling = new WalFilling(name, places);
            for (Clusters.Opened other : places) {
                boolean own = other.name().equals(place.name());
                WalFilling.Sum sum;
                try {
                    sum = filling.fill(other, output);
                } catch (IOException e) {
                    if (own) {
                        throw e;
                    }
                    all.noteUnreachable(other.name(), e);
                    awaitAbsent(all);
                    continue;
                }
                if (own && sum.left() > 0) {
                    throw new BusyException(
                            "repository_behind",
                            "repository \"" + place.name() + "\" lacks " + sum.left()
                                    + " WAL files that another one of the cluster has",
                            "");
                }
            }
            all.tellUnreachable(output);
        }
    }

    /** What one that is away lacks is not known; what goes elsewhere it can never get any more. */
    private void awaitAbsent(Clusters all) throws BusyException {
        List<String> awaited = all.unreachable().stream()
                .filter(absent -> !without.contains(absent))
                .toList();
        if (!awaited.isEmpty()) {
            throw new BusyException(
                    "repository_away",
                    "repository \"" + awaited.getFirst() + "\" cannot be reached and may lack what would go",
                    "\"--without " + awaited.getFirst() + "\" does not wait for it.");
        }
    }

    private ExitCode expire(
            String name, RetentionPolicy policy, Clusters.Opened place, ArrayNode clusters, Output output)
            throws Exception {
        List<ClusterRepository> incarnations = new ArrayList<>();
        for (Incarnation incarnation : place.repository().cluster(name).incarnations()) {
            incarnations.add(place.repository().open(incarnation));
        }
        ExpiryPlan plan;
        try (Progress progress = Progress.on(output)) {
            Expiry expiry = new Expiry(incarnations, policy, progress.listener(), trustClock);
            plan = dryRun ? expiry.plan(Instant.now()) : expiry.run(Instant.now());
        }
        ExpiryLines lines = new ExpiryLines(name, policy, plan, dryRun);
        lines.text().forEach(output::line);
        ObjectNode json = lines.json().put("repository", place.name());
        clusters.add(json);
        if (plan.doubt().isPresent()) {
            return ExitCode.REFUSED;
        }
        boolean sound = true;
        if (!dryRun && !noCollect && !policy.isEmpty()) {
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
        return sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND;
    }
}

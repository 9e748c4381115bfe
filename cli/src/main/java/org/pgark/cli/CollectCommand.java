package org.pgark.cli;

import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.collect.CollectProgress;
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

    @Option(names = "--dry-run", description = "say what would be freed and change nothing")
    private boolean dryRun;

    @Option(
            names = "--limit",
            paramLabel = "SHARE",
            description = "rewrite packs of which a smaller share is needed, 0 to 1 (default: ${DEFAULT-VALUE})")
    private double limit = 0.5;

    @Override
    public Integer call() throws Exception {
        if (!(limit >= 0 && limit <= 1)) {
            throw pgark.usage("invalid value \"" + limit + "\" of --limit, must be 0 to 1");
        }
        Output output = pgark.output();
        ObjectNode document = Output.object().put("dry_run", dryRun);
        ArrayNode clusters = document.putArray("clusters");
        boolean sound = true;
        try (Clusters opened = Clusters.of(pgark.configuration())) {
            for (String name : opened.names(cluster.name())) {
                Repository repository = opened.repository(name);
                for (Incarnation incarnation : repository.cluster(name).incarnations()) {
                    CollectOutcome outcome = collect(repository.open(incarnation), output);
                    sound &= outcome.damaged().isEmpty();
                    describe(name, outcome, output);
                    clusters.add(json(name, incarnation, outcome));
                }
            }
        }
        output.result(document);
        return (sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND).number();
    }

    private CollectOutcome collect(ClusterRepository repository, Output output) throws Exception {
        try (Progress progress = Progress.on(output)) {
            Collector collector = repository.collector(limit, told(progress.listener()));
            return dryRun ? collector.plan() : collector.run();
        }
    }

    private static CollectProgress told(ProgressListener listener) {
        return new CollectProgress() {
            @Override
            public void phase(String name) {
                listener.phase(name);
            }

            @Override
            public void total(long bytes) {
                listener.total(0, bytes);
            }

            @Override
            public void advanced(long bytes) {
                listener.advanced(bytes);
            }
        };
    }

    private void describe(String name, CollectOutcome outcome, Output output) {
        output.line("cluster " + name + ": " + Words.size(Math.max(0, outcome.freedBytes()))
                + (dryRun ? " can be freed" : " are not needed any more"));
        if (outcome.deadPacks() > 0) {
            output.line("  " + Words.count(outcome.deadPacks(), "pack") + " of which nothing is needed, "
                    + Words.size(outcome.deadBytes()));
        }
        if (outcome.rewrittenPacks() > 0) {
            output.line("  " + Words.count(outcome.rewrittenPacks(), "pack") + " of which little is needed, "
                    + Words.size(outcome.rewrittenBytes()) + (dryRun ? " to rewrite into " : " rewritten into ")
                    + Words.size(outcome.newBytes()));
        }
        if (outcome.deletedPacks() > 0) {
            output.line("  deleted " + Words.count(outcome.deletedPacks(), "pack") + ", "
                    + Words.size(outcome.deletedBytes()));
        }
        if (outcome.waitingPacks() > 0) {
            output.line("  not deleted yet: " + Words.count(outcome.waitingPacks(), "pack") + ", "
                    + Words.size(outcome.waitingBytes()) + "; a later \"pgark collect\" does it");
            outcome.waitsFor().forEach(who -> output.line("    waiting for " + who));
        }
        if (outcome.keptPacks() > 0) {
            output.line("  kept: " + Words.count(outcome.keptPacks(), "pack") + ", "
                    + Words.size(outcome.keptBytes())
                    + switch (outcome.keptWhy()) {
                        case KEPT_FOR_RESUMING -> ", left by an interrupted backup, which the next one can use";
                        case KEPT_FOR_RUNNING_BACKUP, DEAD -> ", which may be of a backup that is being taken";
                    });
        }
        outcome.damaged().forEach(what -> output.line("  DAMAGE FOUND: " + what));
    }

    private static ObjectNode json(String name, Incarnation incarnation, CollectOutcome outcome) {
        ObjectNode json = Output.object()
                .put("name", name)
                .put("system_identifier", incarnation.systemIdentifier().toString())
                .put("freed_size", Math.max(0, outcome.freedBytes()))
                .put("dead_packs", outcome.deadPacks())
                .put("dead_size", outcome.deadBytes())
                .put("rewritten_packs", outcome.rewrittenPacks())
                .put("rewritten_size", outcome.rewrittenBytes())
                .put("new_size", outcome.newBytes())
                .put("deleted_packs", outcome.deletedPacks())
                .put("deleted_size", outcome.deletedBytes())
                .put("waiting_packs", outcome.waitingPacks())
                .put("waiting_size", outcome.waitingBytes())
                .put("kept_packs", outcome.keptPacks())
                .put("kept_size", outcome.keptBytes());
        ArrayNode waits = json.putArray("waits_for");
        outcome.waitsFor().forEach(waits::add);
        ArrayNode damaged = json.putArray("damaged");
        outcome.damaged().forEach(damaged::add);
        return json;
    }
}

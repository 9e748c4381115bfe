package org.pgark.cli;

import java.util.ArrayList;
import java.util.List;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.collect.Collector;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a collector freed, as lines and as JSON. */
final class CollectLines {
    /** Packs of which a smaller share is needed are rewritten. */
    static final double DEFAULT_LIMIT = 0.5;

    private CollectLines() {}

    /** A collector that tells its progress. */
    static Collector collector(ClusterRepository repository, double limit, Progress progress) {
        return repository.collector(limit, told(progress.listener()));
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

    /** What was freed, as lines. */
    static List<String> text(String name, CollectOutcome outcome, boolean dryRun) {
        List<String> lines = new ArrayList<>();
        lines.add("cluster " + name + ": " + Words.size(Math.max(0, outcome.freedBytes()))
                + (dryRun ? " can be freed" : " are not needed any more"));
        if (outcome.deadPacks() > 0) {
            lines.add("  " + Words.count(outcome.deadPacks(), "pack") + " of which nothing is needed, "
                    + Words.size(outcome.deadBytes()));
        }
        if (outcome.rewrittenPacks() > 0) {
            lines.add("  " + Words.count(outcome.rewrittenPacks(), "pack") + " of which little is needed, "
                    + Words.size(outcome.rewrittenBytes()) + (dryRun ? " to rewrite into " : " rewritten into ")
                    + Words.size(outcome.newBytes()));
        }
        if (outcome.deletedPacks() > 0) {
            lines.add("  deleted " + Words.count(outcome.deletedPacks(), "pack") + ", "
                    + Words.size(outcome.deletedBytes()));
        }
        if (outcome.waitingPacks() > 0) {
            lines.add("  not deleted yet: " + Words.count(outcome.waitingPacks(), "pack") + ", "
                    + Words.size(outcome.waitingBytes()) + "; a later \"pgark collect\" does it");
            outcome.waitsFor().forEach(who -> lines.add("    waiting for " + who));
        }
        if (outcome.locked().packs() > 0) {
            lines.add("  not deleted yet: " + Words.count(outcome.locked().packs(), "pack") + ", "
                    + Words.size(outcome.locked().bytes()) + ", which are locked"
                    + outcome.locked()
                            .until()
                            .map(end -> ", the last until " + Words.instant(end))
                            .orElse("") + "; a later \"pgark collect\" does it");
        }
        if (outcome.keptPacks() > 0) {
            lines.add("  kept: " + Words.count(outcome.keptPacks(), "pack") + ", "
                    + Words.size(outcome.keptBytes())
                    + switch (outcome.keptWhy()) {
                        case KEPT_FOR_RESUMING -> ", left by an interrupted backup, which the next one can use";
                        case KEPT_FOR_RUNNING_BACKUP, DEAD -> ", which may be of a backup that is being taken";
                    });
        }
        outcome.damaged().forEach(what -> lines.add("  DAMAGE FOUND: " + what));
        return lines;
    }

    static ObjectNode json(String name, Incarnation incarnation, CollectOutcome outcome) {
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
                .put("locked_packs", outcome.locked().packs())
                .put("locked_size", outcome.locked().bytes())
                .put("kept_packs", outcome.keptPacks())
                .put("kept_size", outcome.keptBytes());
        outcome.locked().until().ifPresent(end -> json.put("locked_until", end.toString()));
        ArrayNode waits = json.putArray("waits_for");
        outcome.waitsFor().forEach(waits::add);
        ArrayNode damaged = json.putArray("damaged");
        outcome.damaged().forEach(damaged::add);
        return json;
    }
}

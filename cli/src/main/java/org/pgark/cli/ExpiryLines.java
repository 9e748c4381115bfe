package org.pgark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.retention.ExpiryPlan;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.retention.Fate;
import org.pgark.repository.retention.KeepReason;
import org.pgark.repository.retention.RetentionPolicy;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What goes and what stays of one cluster, and why, as lines and as JSON. */
final class ExpiryLines {
    private final String cluster;
    private final RetentionPolicy policy;
    private final ExpiryPlan plan;
    private final boolean dryRun;

    ExpiryLines(String cluster, RetentionPolicy policy, ExpiryPlan plan, boolean dryRun) {
        this.cluster = cluster;
        this.policy = policy;
        this.plan = plan;
        this.dryRun = dryRun || plan.doubt().isPresent();
    }

    /** The rules in words. */
    static String words(RetentionPolicy policy) {
        List<String> rules = new ArrayList<>();
        if (policy.last() > 0) {
            rules.add("last " + policy.last());
        }
        policy.window().ifPresent(window -> rules.add("window " + window));
        add(rules, "daily", policy.calendar().days());
        add(rules, "weekly", policy.calendar().weeks());
        add(rules, "monthly", policy.calendar().months());
        add(rules, "yearly", policy.calendar().years());
        rules.add("minimum " + policy.minimum());
        return String.join(", ", rules);
    }

    private static void add(List<String> rules, String word, int number) {
        if (number > 0) {
            rules.add(word + " " + number);
        }
    }

    List<String> text() {
        List<String> lines = new ArrayList<>();
        if (policy.isEmpty()) {
            lines.add("cluster " + cluster + ": no rule is configured, nothing goes");
            lines.add("  set for example cluster." + cluster + ".keep.window = \"4 weeks\"");
            return lines;
        }
        if (plan.now().isEmpty()) {
            lines.add("cluster " + cluster + ": no backup yet, nothing goes");
            return lines;
        }
        lines.add("cluster " + cluster + ": keep " + words(policy) + " (days begin in " + policy.zone() + "); now is "
                + Words.instant(plan.now().get())
                + (plan.now().get().equals(plan.clock()) ? "" : ", the newest instant that the repository proves"));
        plan.doubt().ifPresent(doubt -> {
            lines.add("  NOTHING GOES, a clock may have been wrong: " + doubt);
            lines.add("  if all these times are right: pgark expire --trust-clock; else delete or unpin what has wrong"
                    + " ones");
        });
        for (ExpiryPlan.Part part : plan.parts()) {
            part.fates().forEach(fate -> lines.add("  " + line(fate)));
            part.view().backupRunning().ifPresent(who -> lines.add("  WAL stays while there is " + who));
            wal(part, lines);
        }
        if (plan.locked().files() > 0) {
            lines.add("  not deleted yet: " + Words.count(plan.locked().files(), "file") + " of WAL, which are locked"
                    + plan.locked()
                            .from()
                            .map(end -> ", the first until " + Words.instant(end))
                            .orElse("") + "; a later \"pgark expire\" does it");
        }
        return lines;
    }

    private String line(Fate fate) {
        String verb = fate.kept() ? "stays" : dryRun ? "would go" : "went";
        return String.format(
                java.util.Locale.ROOT,
                "%-8s  %s  %s  %s",
                verb,
                fate.backup().id(),
                Words.instant(fate.backup().time()),
                why(fate));
    }

    private static String why(Fate fate) {
        if (fate.kept()) {
            return String.join(
                    "; ",
                    fate.reasons().stream().map(KeepReason::text).distinct().toList());
        }
        return (fate.backup().unusable().isEmpty() ? "" : fate.backup().unusable() + ": ") + "no rule keeps it";
    }

    private void wal(ExpiryPlan.Part part, List<String> lines) {
        if (part.files().isEmpty()) {
            return;
        }
        lines.add("  " + (dryRun ? "would go" : "went") + "  "
                + Words.count(part.files().size(), "file") + " of WAL, " + Words.size(bytes(part))
                + ": no backup that stays needs them");
        for (Timeline timeline : part.expired().alive().keySet()) {
            List<WalSegmentName> segments = part.files().stream()
                    .map(ArchivedFile::name)
                    .filter(name -> name.timeline().equals(timeline))
                    .flatMap(name ->
                            name instanceof WalFileName.Segment segment ? Stream.of(segment.name()) : Stream.empty())
                    .toList();
            if (!segments.isEmpty()) {
                lines.add("    timeline " + timeline + ": " + Words.count(segments.size(), "segment") + " from "
                        + segments.getFirst() + " to " + segments.getLast());
            }
        }
    }

    private static long bytes(ExpiryPlan.Part part) {
        return part.files().stream().mapToLong(ArchivedFile::storedBytes).sum();
    }

    ObjectNode json() {
        ObjectNode json = Output.object().put("name", cluster).put("policy", policy.isEmpty() ? "" : words(policy));
        json.put("time_zone", policy.zone().toString());
        plan.now().ifPresent(now -> json.put("now", now.toString()));
        plan.doubt().ifPresent(doubt -> json.put("clock_doubt", doubt));
        ArrayNode backups = json.putArray("backups");
        ArrayNode wal = json.putArray("wal");
        for (ExpiryPlan.Part part : plan.parts()) {
            for (Fate fate : part.fates()) {
                ObjectNode one = backups.addObject()
                        .put("id", fate.backup().id())
                        .put("time", fate.backup().time().toString())
                        .put("kept", fate.kept())
                        .put("unusable", fate.backup().unusable());
                ArrayNode reasons = one.putArray("reasons");
                for (KeepReason reason : fate.reasons()) {
                    reasons.addObject()
                            .put("rule", reason.rule().name().toLowerCase(java.util.Locale.ROOT))
                            .put("text", reason.text());
                }
            }
            ObjectNode files = wal.addObject()
                    .put(
                            "system_identifier",
                            part.repository().incarnation().systemIdentifier().toString())
                    .put("size", bytes(part));
            ArrayNode names = files.putArray("files");
            part.files().forEach(file -> names.add(file.name().toString()));
        }
        ObjectNode locked =
                json.putObject("locked_wal").put("files", plan.locked().files());
        plan.locked().from().ifPresent(end -> locked.put("from", end.toString()));
        return json;
    }
}

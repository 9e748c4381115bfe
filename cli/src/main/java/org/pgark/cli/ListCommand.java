package org.pgark.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Table;
import org.pgark.cli.output.Words;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.WalGap;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.Incarnation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark list}: the backups, and the windows to any instant of which one can go back. */
@Command(name = "list", description = "List backups and recovery windows.")
final class ListCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        ObjectNode document = Output.object();
        ArrayNode clusters = document.putArray("clusters");
        List<String> lines = new ArrayList<>();
        boolean complete;
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            for (String name : opened.names(cluster.name())) {
                List<Clusters.Content> contents = opened.contents(name);
                opened.tellBehind(name, contents, output);
                for (Clusters.Opened place : opened.repositories(name)) {
                    ObjectNode json = clusters.addObject().put("name", name);
                    List<Clusters.Content> kept = contents.stream()
                            .filter(content -> content.place().equals(place.name()))
                            .toList();
                    String where = opened.isInSeveral(name) ? " in repository " + place.name() : "";
                    describe(name, where, kept, json, lines);
                    json.put("repository", place.name());
                }
            }
            complete = opened.tellUnreachable(output);
        }
        if (clusters.isEmpty()) {
            output.remark(
                    "no cluster is configured: " + pgark.configuration().source() + "; \"pgark init\" registers one");
        }
        lines.forEach(output::line);
        output.result(document);
        return (complete ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private static void describe(
            String name, String where, List<Clusters.Content> kept, ObjectNode json, List<String> lines) {
        ArrayNode backups = json.putArray("backups");
        ArrayNode windows = json.putArray("windows");
        ArrayNode gaps = json.putArray("wal_gaps");
        ArrayNode damaged = json.putArray("wal_damaged");
        for (Clusters.Content content : kept) {
            describe(name, where, content, lines);
            content.backups().forEach(backup -> {
                ObjectNode one = BackupLines.json(backup);
                content.state(backup).addTo(one);
                backups.add(one);
            });
            content.gaps().forEach(gap -> gaps.add(json(content.incarnation(), gap)));
            content.damagedWal()
                    .segments()
                    .forEach((segment, found) -> damaged.add(json(content.incarnation(), segment, found.reason())));
            content.windows().forEach(window -> windows.add(json(content.incarnation(), window)));
        }
        if (kept.isEmpty()) {
            lines.add("cluster " + name + where + ": not in the repository yet");
            lines.add("  \"pgark init --cluster " + name + " --pgdata DIR\" registers it");
        }
    }

    private static void describe(String name, String where, Clusters.Content content, List<String> lines) {
        lines.add("cluster " + name + where + " (PostgreSQL "
                + content.incarnation().major().number() + ", system identifier "
                + content.incarnation().systemIdentifier() + ")");
        if (content.backups().isEmpty()) {
            lines.add("  no backup yet; \"pgark backup\" takes one");
        } else {
            Table table = new Table(
                    "backup",
                    "kind",
                    "started",
                    "consistent",
                    ">size",
                    ">stored",
                    "first WAL",
                    "last WAL",
                    "verified",
                    "");
            for (BackupRecord backup : content.backups()) {
                BackupState state = content.state(backup);
                table.row(
                        backup.id().toString(),
                        backup.kind().word(),
                        Words.instant(backup.startTime()),
                        Words.instant(backup.stopTime()),
                        Words.size(backup.size().rawBytes()),
                        Words.size(backup.size().storedBytes()),
                        backup.wal().first().toString(),
                        backup.wal().last().toString(),
                        state.verified(),
                        state.remarks());
            }
            lines.addAll(table.lines());
        }
        if (content.windows().isEmpty()) {
            lines.add("  no recovery window");
        }
        for (RecoveryWindow window : content.windows()) {
            lines.add("  recovery window: " + window.describe(ZoneId.systemDefault()));
        }
        for (WalGap gap : content.gaps()) {
            lines.add("  WAL MISSING: " + Words.count(gap.segments(), "segment") + " from " + gap.first() + " to "
                    + gap.last());
        }
        content.damagedWal()
                .segments()
                .forEach((segment, found) -> lines.add("  WAL DAMAGED: segment " + segment + ": " + found.reason()));
    }

    private static ObjectNode json(Incarnation incarnation, WalSegmentName segment, String reason) {
        return Output.object()
                .put("segment", segment.toString())
                .put("reason", reason)
                .put("system_identifier", incarnation.systemIdentifier().toString());
    }

    private static ObjectNode json(Incarnation incarnation, WalGap gap) {
        return Output.object()
                .put("first", gap.first().toString())
                .put("last", gap.last().toString())
                .put("segments", gap.segments())
                .put("system_identifier", incarnation.systemIdentifier().toString());
    }

    static ObjectNode json(Incarnation incarnation, RecoveryWindow window) {
        return Output.object()
                .put("timeline", window.timeline().id())
                .put("first_backup", window.firstBackup())
                .put("from_time", window.fromTime().toString())
                .put("from_lsn", window.fromLsn().toString())
                .put("to_time", window.toTime().toString())
                .put("to_lsn", window.toLsn().toString())
                .put("system_identifier", incarnation.systemIdentifier().toString());
    }
}

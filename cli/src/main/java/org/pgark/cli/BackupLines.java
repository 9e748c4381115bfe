package org.pgark.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.repository.BackupRecord;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One backup, as JSON and as lines of text. */
final class BackupLines {
    private BackupLines() {}

    static ObjectNode json(BackupRecord backup) {
        ObjectNode json = Output.object();
        json.put("id", backup.id().toString());
        json.put("kind", backup.kind().word());
        backup.basis().base().ifPresent(base -> json.put("base", base.toString()));
        json.put("changes", backup.basis().changes().word());
        json.put("start_time", backup.startTime().toString());
        json.put("stop_time", backup.stopTime().toString());
        json.put("start_lsn", backup.wal().startLsn().toString());
        json.put("redo_lsn", backup.wal().redoLsn().toString());
        json.put("stop_lsn", backup.wal().stopLsn().toString());
        json.put("timeline", backup.wal().stopTimeline().id());
        json.put("wal_first", backup.wal().first().toString());
        json.put("wal_last", backup.wal().last().toString());
        backup.wal().carriedFrom().ifPresent(segment -> json.put("wal_carried_from", segment.toString()));
        json.put("standby", backup.server().standby());
        backup.wal().lastCommit().ifPresent(time -> json.put("last_commit", time.toString()));
        json.put("size", backup.size().rawBytes());
        json.put("stored_size", backup.size().storedBytes());
        json.put("files", backup.size().files());
        json.put("packs", backup.size().packs());
        json.put("damaged_pages", backup.size().damagedPages());
        json.put("compression", backup.compression().toString());
        json.put("postgres_version", backup.server().version());
        json.put("system_identifier", backup.server().systemIdentifier().toString());
        json.put("data_checksums", backup.server().checksumVersion() != 0);
        json.put("host", backup.server().host());
        json.put("data_directory", backup.server().dataDirectory());
        json.put("pgark_version", backup.pgarkVersion());
        json.put("note", backup.note());
        ObjectNode labels = json.putObject("labels");
        backup.labels().forEach(labels::put);
        ArrayNode tablespaces = json.putArray("tablespaces");
        for (BackupRecord.Tablespace tablespace : backup.server().tablespaces()) {
            tablespaces
                    .addObject()
                    .put("oid", tablespace.oid())
                    .put("name", tablespace.name())
                    .put("path", tablespace.path());
        }
        return json;
    }

    /** Pairs of a heading and a value, for a page about one backup. */
    static List<Map.Entry<String, String>> text(BackupRecord backup) {
        java.util.ArrayList<Map.Entry<String, String>> lines = new java.util.ArrayList<>();
        BackupRecord.WalSpan wal = backup.wal();
        lines.add(Map.entry("backup", backup.id().toString()));
        lines.add(Map.entry("kind", backup.kind().word()));
        backup.basis().base().ifPresent(base -> lines.add(Map.entry("shares with", base + " (not needed to restore)")));
        lines.add(Map.entry(
                "changes known by",
                switch (backup.basis().changes()) {
                    case READ -> "reading every page";
                    case WAL -> "the WAL since";
                    case WAL_SUMMARIES -> "the server's WAL summaries";
                }));
        lines.add(Map.entry("started", Words.instant(backup.startTime())));
        lines.add(Map.entry(
                "consistent",
                Words.instant(backup.stopTime()) + " (after "
                        + Words.span(Duration.between(backup.startTime(), backup.stopTime())) + ")"));
        lines.add(Map.entry("LSN", wal.startLsn() + " to " + wal.stopLsn() + ", redo from " + wal.redoLsn()));
        lines.add(Map.entry("timeline", wal.stopTimeline().toString()));
        wal.lastCommit().ifPresent(time -> lines.add(Map.entry("last commit", Words.instant(time))));
        lines.add(Map.entry(
                "WAL needed",
                wal.first() + " to " + wal.last()
                        + wal.carriedFrom()
                                .map(segment -> ", in the backup itself from " + segment + " on")
                                .orElse("")));
        lines.add(Map.entry(
                "size",
                Words.size(backup.size().rawBytes()) + " in "
                        + Words.count(backup.size().files(), "file")));
        lines.add(Map.entry(
                "stored",
                Words.size(backup.size().storedBytes()) + " (" + backup.compression() + "), needs "
                        + Words.count(backup.size().packs(), "pack")));
        lines.add(Map.entry(
                "page checksums",
                backup.server().checksumVersion() == 0
                        ? "off in this cluster"
                        : backup.size().damagedPages() == 0
                                ? "all right"
                                : Words.count(backup.size().damagedPages(), "damaged page")));
        lines.add(Map.entry("PostgreSQL", backup.server().version()));
        lines.add(Map.entry(
                "system identifier", backup.server().systemIdentifier().toString()));
        lines.add(Map.entry(
                "taken of",
                backup.server().host() + ":" + backup.server().dataDirectory()
                        + (backup.server().standby() ? ", a standby" : "")));
        for (BackupRecord.Tablespace tablespace : backup.server().tablespaces()) {
            lines.add(Map.entry("tablespace", tablespace.name() + " at " + tablespace.path()));
        }
        backup.labels().forEach((key, value) -> lines.add(Map.entry("label", key + "=" + value)));
        if (!backup.note().isEmpty()) {
            lines.add(Map.entry("note", backup.note()));
        }
        lines.add(Map.entry("made by", "pgark " + backup.pgarkVersion()));
        return lines;
    }
}

package org.pgark.physical.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgark.physical.recovery.RecoveryPlan;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.TargetTime;
import org.pgark.repository.BackupRecord;

/** Says a plan to people. */
final class PlanText {
    private static final long KIB = 1024;

    private PlanText() {}

    static List<Map.Entry<String, String>> of(RestorePlan plan) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        RestoreRequest request = plan.request();
        RecoveryPlan recovery = plan.recovery();
        BackupRecord backup = plan.backup();
        lines.add(Map.entry(
                "backup",
                backup.id() + " of cluster " + request.cluster() + ", PostgreSQL "
                        + backup.server().version() + ", ended "
                        + TargetTime.format(backup.stopTime(), request.zone())));
        lines.add(Map.entry("to", plan.destination().dataDirectory().toString()));
        plan.destination()
                .tablespaces()
                .forEach((oid, place) -> lines.add(Map.entry("tablespace " + oid, place.toString())));
        plan.destination()
                .configuration()
                .values()
                .forEach(place -> lines.add(Map.entry("configuration", place.toString())));
        lines.add(Map.entry("target", recovery.target().describe()));
        lines.add(Map.entry("stops", recovery.stopReason()));
        lines.add(Map.entry("timeline", recovery.timeline().toString()));
        lines.add(Map.entry(
                "WAL",
                recovery.segments() + (recovery.segments() == 1 ? " segment, " : " segments, ")
                        + recovery.firstSegment() + " to " + recovery.lastSegment()));
        lines.add(Map.entry("then", afterwards(request)));
        for (RestorePlan.Space space : plan.space()) {
            lines.add(Map.entry(
                    "space",
                    size(space.needed()) + " needed, " + size(space.free()) + " free"
                            + (space.reclaimed() > 0
                                    ? " and " + size(space.reclaimed()) + " in use by what is there"
                                    : "")
                            + " at " + space.place()));
        }
        plan.overwritten().forEach(line -> lines.add(Map.entry("overwrites", line)));
        plan.savedWal()
                .ifPresent(saved -> lines.add(Map.entry(
                        "saves",
                        "WAL that was never archived: " + SavedWal.named(saved.names()) + ", " + size(saved.bytes())
                                + ", in " + saved.place())));
        plan.neutralised().forEach(line -> lines.add(Map.entry("changes", line)));
        recovery.notices().forEach(line -> lines.add(Map.entry("note", line)));
        plan.warnings().forEach(line -> lines.add(Map.entry("warning", line)));
        return lines;
    }

    private static String afterwards(RestoreRequest request) {
        if (request.standby()) {
            return "the server stays in recovery as a standby";
        }
        if (request.target() instanceof RecoveryTarget.Latest) {
            return "the server ends recovery and takes writes on a new timeline";
        }
        return switch (request.action()) {
            case PROMOTE -> "the server ends recovery and takes writes on a new timeline (promote)";
            case PAUSE -> "the server pauses in recovery and answers read-only queries (pause)";
            case SHUTDOWN -> "the server shuts down (shutdown)";
        };
    }

    /** For example {@code 1.5 GiB}. */
    static String size(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        double value = bytes;
        String unit = "B";
        for (String larger : List.of("KiB", "MiB", "GiB", "TiB", "PiB")) {
            if (value < KIB) {
                break;
            }
            value /= KIB;
            unit = larger;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}

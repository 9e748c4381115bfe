package org.pgark.physical.recovery;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;

/** Finds the backup and the WAL by which one cluster is brought to a target, or says why it cannot be. */
public final class RecoveryPlanner {
    private final String cluster;
    private final List<BackupPoint> backups;
    private final ArchivedWal archive;
    private final ZoneId zone;

    /**
     * Plans for one incarnation of a cluster.
     *
     * @param cluster its name, for messages
     * @param backups its backups in the order of the log
     * @param zone how times are printed in messages
     */
    public RecoveryPlanner(String cluster, List<BackupPoint> backups, ArchivedWal archive, ZoneId zone) {
        this.cluster = cluster;
        this.backups = List.copyOf(backups);
        this.archive = archive;
        this.zone = zone;
    }

    /** To which stretches of time the cluster can be restored, by timeline and then by position. */
    public List<RecoveryWindow> windows() throws IOException {
        return new RecoveryWindows(backups, archive).all();
    }

    /**
     * Plans with the newest backup from which the target is reached.
     *
     * @throws RefusedException if it is reached from none
     */
    public RecoveryPlan plan(RecoveryTarget target, TimelineChoice timeline) throws IOException, RefusedException {
        if (backups.isEmpty()) {
            throw new RefusedException(
                    "no_backup", "cluster \"" + cluster + "\" has no backup", "Make one with \"pgark backup\".");
        }
        return plan(target, timeline, backups);
    }

    /**
     * Plans with one backup and no other.
     *
     * @throws RefusedException if the target is not reached from it
     */
    public RecoveryPlan plan(RecoveryTarget target, TimelineChoice timeline, BackupPoint backup)
            throws IOException, RefusedException {
        return plan(target, timeline, List.of(backup));
    }

    private RecoveryPlan plan(RecoveryTarget target, TimelineChoice choice, List<BackupPoint> allowed)
            throws IOException, RefusedException {
        List<String> notices = new ArrayList<>();
        Optional<TimelineHistory> fixed = fixedHistory(choice, allowed, notices);
        List<BackupPoint> candidates = allowed.reversed().stream()
                .filter(backup -> fixed.isEmpty() || RecoveryWindows.liesOn(fixed.get(), backup))
                .sorted(Comparator.comparing(BackupPoint::stop).reversed())
                .toList();
        PlanAttempt attempt = new PlanAttempt(target, archive, zone);
        List<Refusal> refusals = new ArrayList<>();
        for (BackupPoint backup : candidates) {
            TimelineHistory history = fixed.isPresent() ? fixed.get() : archive.history(backup.stopTimeline());
            switch (attempt.with(backup, history)) {
                case PlanAttempt.Outcome.Planned(RecoveryPlan plan) -> {
                    return plan.withNotices(notices);
                }
                case PlanAttempt.Outcome.Refused(Refusal refusal) -> refusals.add(refusal);
            }
            // An older backup would end before this one's WAL: to go there is for the user to decide.
            if (target instanceof RecoveryTarget.Latest
                    && refusals.getLast().code().equals(Refusal.MISSING_WAL)) {
                throw refused(withWayOut(refusals.getLast(), candidates, backup, attempt, fixed));
            }
            if (target instanceof RecoveryTarget.Immediate) {
                break;
            }
        }
        throw refused(refusals);
    }

    private Refusal withWayOut(
            Refusal refusal,
            List<BackupPoint> candidates,
            BackupPoint refused,
            PlanAttempt attempt,
            Optional<TimelineHistory> fixed)
            throws IOException {
        if (!refusal.hint().isEmpty()) {
            return refusal;
        }
        for (BackupPoint older : candidates.subList(candidates.indexOf(refused) + 1, candidates.size())) {
            TimelineHistory history = fixed.isPresent() ? fixed.get() : archive.history(older.stopTimeline());
            if (attempt.with(older, history) instanceof PlanAttempt.Outcome.Planned(RecoveryPlan plan)) {
                return new Refusal(
                        refusal.code(),
                        refusal.message(),
                        "Bring it into the archive, or go only to " + plan.stop()
                                + ", the end of the WAL before it, with" + " --backup " + older.id() + ".");
            }
        }
        return refusal;
    }

    /** The timeline to recover along; empty if each backup's own counts. */
    private Optional<TimelineHistory> fixedHistory(
            TimelineChoice choice, List<BackupPoint> allowed, List<String> notices)
            throws IOException, RefusedException {
        return switch (choice) {
            case TimelineChoice.Current() -> Optional.empty();
            case TimelineChoice.Numbered(Timeline timeline) -> Optional.of(numbered(timeline, allowed));
            case TimelineChoice.Latest() -> Optional.of(latest(allowed, notices));
        };
    }

    private TimelineHistory numbered(Timeline timeline, List<BackupPoint> allowed)
            throws IOException, RefusedException {
        NavigableSet<Timeline> known = knownTimelines();
        if (!known.contains(timeline)) {
            throw refused(new Refusal(
                    "unknown_timeline",
                    "timeline " + timeline + " is not in the archive of cluster \"" + cluster + "\"",
                    ""));
        }
        TimelineHistory history = archive.history(timeline);
        if (allowed.stream().noneMatch(backup -> RecoveryWindows.liesOn(history, backup))) {
            throw refused(new Refusal("unreachable_timeline", unreachable(timeline, allowed), ""));
        }
        return history;
    }

    private TimelineHistory latest(List<BackupPoint> allowed, List<String> notices)
            throws IOException, RefusedException {
        for (Timeline timeline : knownTimelines().descendingSet()) {
            TimelineHistory history = archive.history(timeline);
            if (allowed.stream().anyMatch(backup -> RecoveryWindows.liesOn(history, backup))) {
                return history;
            }
            notices.add(unreachable(timeline, allowed) + ", so it is not followed");
        }
        throw new IllegalStateException("no backup lies on its own timeline");
    }

    private NavigableSet<Timeline> knownTimelines() throws IOException {
        NavigableSet<Timeline> known = new TreeSet<>(archive.timelines());
        backups.forEach(backup -> known.add(backup.stopTimeline()));
        return known;
    }

    private static String unreachable(Timeline timeline, List<BackupPoint> allowed) {
        if (allowed.size() > 1) {
            return "timeline " + timeline + " cannot be reached from any backup";
        }
        BackupPoint backup = allowed.getFirst();
        return "timeline " + timeline + " cannot be reached from backup \"" + backup.id() + "\", which ended at "
                + backup.stop() + " on timeline " + backup.stopTimeline();
    }

    /*
     * Candidates are tried from the newest on. Of their refusals, the one to tell is the first that is not just "this
     * backup is too new"; if all are too new, the oldest's.
     */
    private RefusedException refused(List<Refusal> refusals) throws IOException {
        return refused(refusals.stream()
                .filter(refusal -> !refusal.code().equals(Refusal.BEFORE_BACKUP))
                .findFirst()
                .orElse(refusals.getLast()));
    }

    private RefusedException refused(Refusal refusal) throws IOException {
        List<RecoveryWindow> windows = windows();
        String reachable = windows.isEmpty()
                ? "No recovery window is open: no backup has all the WAL that it needs."
                : windows.stream()
                        .map(window -> window.describe(zone))
                        .collect(Collectors.joining("\n  ", "The recovery windows are:\n  ", ""));
        return new RefusedException(
                refusal.code(),
                refusal.message(),
                refusal.hint().isEmpty() ? reachable : refusal.hint() + "\n" + reachable);
    }
}

package org.pgark.physical.recovery;

import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentName;

/** Goes through recovery from one backup after another to the same target, on paper. */
final class PlanAttempt {
    private final RecoveryTarget target;
    private final ArchivedWal archive;
    private final ZoneId zone;
    private final WalWalk walk;

    PlanAttempt(RecoveryTarget target, ArchivedWal archive, ZoneId zone) {
        this.target = target;
        this.archive = archive;
        this.zone = zone;
        this.walk = new WalWalk(archive, stopRecord());
    }

    /** What comes of one backup. */
    sealed interface Outcome {
        record Planned(RecoveryPlan plan) implements Outcome {}

        record Refused(Refusal refusal) implements Outcome {}
    }

    private StopRecord stopRecord() {
        return switch (target) {
            case RecoveryTarget.Latest() -> StopRecord.NONE;
            case RecoveryTarget.Immediate() -> StopRecord.NONE;
            case RecoveryTarget.Time time -> TransactionStop.at(time, archive);
            case RecoveryTarget.AtTransaction transaction -> TransactionStop.at(transaction, archive, zone);
            case RecoveryTarget.AtLsn lsn -> PositionStop.at(lsn, archive);
            case RecoveryTarget.Named(String name) -> new RestorePointStop(name, zone);
        };
    }

    Outcome with(BackupPoint backup, TimelineHistory history) throws IOException {
        if (isBefore(backup)) {
            return tooNew(backup);
        }
        WalPath path = WalPath.along(history, backup, archive);
        if (!path.reaches(backup.stop(), archive.segmentSize())) {
            return missing(path.missing(), "to make backup \"" + backup.id() + "\" consistent");
        }
        if (target instanceof RecoveryTarget.Immediate) {
            path = path.upTo(backup.stop(), archive.segmentSize());
        }
        WalWalk.Result result = walk.along(path, backup.start());
        if (result.stop().isPresent()) {
            Stop stop = result.stop().get();
            return stop.start().isBefore(backup.stop())
                    ? tooNew(backup)
                    : planned(backup, history, path, result, target, stop.position(), stop.describe());
        }
        if (result.end().position().isBefore(backup.stop())) {
            return invalid(path, result);
        }
        return switch (target) {
            case RecoveryTarget.Immediate() ->
                planned(backup, history, path, result, endOf(backup), backup.stop(), "at the end of the backup");
            case RecoveryTarget.Latest() -> toTheEnd(backup, history, path, result);
            case RecoveryTarget.Time time -> notReached(backup, history, path, result, asLastTransaction(time, result));
            case RecoveryTarget.AtLsn lsn ->
                notReached(backup, history, path, result, asLastRecord(lsn.lsn(), path, result));
            case RecoveryTarget.AtTransaction transaction ->
                notReached(backup, history, path, result, Optional.empty());
            case RecoveryTarget.Named named -> notReached(backup, history, path, result, Optional.empty());
        };
    }

    private boolean isBefore(BackupPoint backup) {
        return switch (target) {
            case RecoveryTarget.Time time -> time.instant().isBefore(backup.stopTime());
            case RecoveryTarget.AtLsn lsn -> lsn.lsn().isBefore(backup.stop());
            case RecoveryTarget.Latest() -> false;
            case RecoveryTarget.Immediate() -> false;
            case RecoveryTarget.AtTransaction transaction -> false;
            case RecoveryTarget.Named named -> false;
        };
    }

    private Outcome toTheEnd(BackupPoint backup, TimelineHistory history, WalPath path, WalWalk.Result result)
            throws IOException {
        if (!result.complete()) {
            return invalid(path, result);
        }
        if (path.laterFound() || path.endsOnParent()) {
            String lastGood = result.last()
                    .filter(last -> !last.start().isBefore(backup.stop()))
                    .map(last -> "--lsn " + last.start())
                    .orElse("--backup " + backup.id() + " --immediate");
            return new Outcome.Refused(new Refusal(
                    Refusal.MISSING_WAL,
                    path.laterFound()
                            ? "WAL segment \"" + path.missing() + "\" "
                                    + archive.damageOf(path.missing())
                                            .map(PlanAttempt::foundDamaged)
                                            .orElse("is not in the archive, although later ones are")
                            : "WAL segment \"" + path.missing() + "\", in which timeline " + history.timeline()
                                    + " begins, is not in the archive",
                    "Bring it into the archive, or go to the end of the WAL before it with " + lastGood + "."));
        }
        return planned(
                backup,
                history,
                path,
                result,
                target,
                result.end().position(),
                (path.carriedTo().isPresent()
                                ? "at the end of the WAL, which is in the backup"
                                : "at the end of the archived WAL")
                        + result.last()
                                .map(last -> ", the last transaction in it being that of "
                                        + TransactionStop.describe(last, zone))
                                .orElse(""));
    }

    /** The same place as a target that the server notices, since nothing in the archive lies past it. */
    private record LastOf(Lsn record, Lsn end, String what) {}

    private Optional<LastOf> asLastTransaction(RecoveryTarget.Time time, WalWalk.Result result) {
        return result.last()
                .filter(last -> !time.exclusive() && last.time().equals(time.instant()))
                .map(last -> new LastOf(last.start(), last.end(), TransactionStop.describe(last, zone)));
    }

    private Optional<LastOf> asLastRecord(Lsn wanted, WalPath path, WalWalk.Result result) throws IOException {
        Lsn end = result.end().position();
        if (wanted.isAfter(end) || path.carriedTo().isPresent()) {
            return Optional.empty();
        }
        WalSegmentName segment = path.steps().get(result.segments() - 1);
        return PositionStop.lastRecordBefore(end, segment, archive)
                .map(last -> new LastOf(last, end, "the last record in the archive"));
    }

    private Outcome notReached(
            BackupPoint backup, TimelineHistory history, WalPath path, WalWalk.Result result, Optional<LastOf> same)
            throws IOException {
        if (!result.complete()) {
            return invalid(path, result);
        }
        if (path.laterFound()) {
            return missing(path.missing(), "to reach " + target.describe());
        }
        if (same.isPresent() && !same.get().record().isBefore(backup.stop())) {
            LastOf last = same.get();
            return planned(
                    backup,
                    history,
                    path,
                    result,
                    new RecoveryTarget.AtLsn(last.record(), false),
                    last.end(),
                    "after " + last.what() + " (" + last.record() + ")");
        }
        if (target instanceof RecoveryTarget.AtLsn(Lsn wanted, boolean _) && wanted.equals(backup.stop())) {
            return planned(backup, history, path, result, endOf(backup), backup.stop(), "at the end of the backup");
        }
        return new Outcome.Refused(new Refusal(Refusal.AFTER_END, notReached(history, result), ""));
    }

    /*
     * recoveryStopsAfter of access/transam/xlogrecovery.c notices that the cluster is consistent only behind a commit or
     * abort, recoveryStopsBefore at the record that follows: which a backup of a standby need not have.
     */
    private static RecoveryTarget endOf(BackupPoint backup) {
        return backup.lastRecord().isPresent()
                ? new RecoveryTarget.AtLsn(backup.lastRecord().get(), false)
                : RecoveryTarget.IMMEDIATE;
    }

    private String notReached(TimelineHistory history, WalWalk.Result result) {
        String where = " on timeline " + history.timeline();
        return switch (target) {
            case RecoveryTarget.Time time ->
                target.describe() + " lies after the last transaction in the archive" + where
                        + result.last()
                                .map(last -> ", " + TransactionStop.describe(last, zone))
                                .orElse("");
            case RecoveryTarget.AtLsn lsn ->
                target.describe() + " lies after the end of the archived WAL" + where + ", "
                        + result.end().position();
            case RecoveryTarget.AtTransaction transaction -> notFound(where);
            case RecoveryTarget.Named named -> notFound(where);
            case RecoveryTarget.Latest() -> notFound(where);
            case RecoveryTarget.Immediate() -> notFound(where);
        };
    }

    private String notFound(String where) {
        return target.describe() + " is not in the archived WAL" + where;
    }

    private Outcome tooNew(BackupPoint backup) {
        return new Outcome.Refused(new Refusal(
                Refusal.BEFORE_BACKUP,
                target.describe() + " lies before the end of backup \"" + backup.id() + "\" ("
                        + TargetTime.format(backup.stopTime(), zone) + ", " + backup.stop() + ")",
                ""));
    }

    private Outcome missing(WalSegmentName segment, String purpose) throws IOException {
        return new Outcome.Refused(new Refusal(
                Refusal.MISSING_WAL,
                "WAL segment \"" + segment + "\" "
                        + archive.damageOf(segment)
                                .map(PlanAttempt::foundDamaged)
                                .orElse("is not in the archive")
                        + ", but is needed " + purpose,
                ""));
    }

    private static String foundDamaged(String reason) {
        return "was found damaged by \"pgark verify\", which takes that back with --wal if it is sound again (" + reason
                + ")";
    }

    private static Outcome invalid(WalPath path, WalWalk.Result result) {
        return new Outcome.Refused(new Refusal(
                Refusal.MISSING_WAL,
                "WAL segment \"" + path.steps().get(result.segments() - 1) + "\" cannot be replayed to its end: "
                        + result.end().describe(),
                ""));
    }

    private Outcome planned(
            BackupPoint backup,
            TimelineHistory history,
            WalPath path,
            WalWalk.Result result,
            RecoveryTarget setting,
            Lsn stop,
            String stopReason) {
        return new Outcome.Planned(new RecoveryPlan(
                backup,
                history.timeline(),
                target,
                setting,
                stop,
                stopReason,
                path.steps().getFirst(),
                path.steps().get(result.segments() - 1),
                result.segments(),
                List.of()));
    }
}

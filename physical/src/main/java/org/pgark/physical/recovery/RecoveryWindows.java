package org.pgark.physical.recovery;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.TransactionEnd;
import org.pgark.postgres.wal.WalFacts;

/** Finds the recovery windows of one cluster. Reads the names of all segments, but the facts of few. */
final class RecoveryWindows {
    private final List<BackupPoint> oldestFirst;
    private final ArchivedWal archive;

    RecoveryWindows(List<BackupPoint> backups, ArchivedWal archive) {
        this.oldestFirst =
                backups.stream().sorted(Comparator.comparing(BackupPoint::stop)).toList();
        this.archive = archive;
    }

    /** The windows, by timeline and then by position; none of a timeline whose history file is damaged. */
    List<RecoveryWindow> all() throws IOException {
        TreeSet<Timeline> timelines = new TreeSet<>(archive.timelines());
        oldestFirst.forEach(backup -> timelines.add(backup.stopTimeline()));
        List<RecoveryWindow> windows = new ArrayList<>();
        for (Timeline timeline : timelines) {
            if (archive.historyDamage(timeline).isEmpty()) {
                windows.addAll(of(timeline));
            }
        }
        return windows;
    }

    /** The windows of one timeline; several if its WAL has holes. */
    List<RecoveryWindow> of(Timeline timeline) throws IOException {
        TimelineHistory history = archive.history(timeline);
        List<RecoveryWindow> windows = new ArrayList<>();
        Lsn covered = Lsn.ZERO;
        for (BackupPoint backup : oldestFirst) {
            if (!liesOn(history, backup) || backup.stop().isBefore(covered)) {
                continue;
            }
            WalPath path = WalPath.along(history, backup, archive);
            if (path.reaches(backup.stop(), archive.segmentSize())) {
                RecoveryWindow window = window(timeline, backup, path);
                covered = path.end(archive.segmentSize());
                windows.add(window);
            }
        }
        return windows;
    }

    /** Whether recovery from the backup can go along this history. */
    static boolean liesOn(TimelineHistory history, BackupPoint backup) {
        return history.contains(backup.stopTimeline(), backup.stop())
                && history.contains(backup.startTimeline(), backup.start());
    }

    private RecoveryWindow window(Timeline timeline, BackupPoint backup, WalPath path) throws IOException {
        if (path.carriedTo().isPresent()) {
            return new RecoveryWindow(
                    timeline, backup.id(), backup.stopTime(), backup.stop(), backup.stopTime(), backup.stop());
        }
        Lsn end = archive.facts(path.steps().getLast()).end().position();
        Lsn to = path.leftAt().filter(fork -> fork.isBefore(end)).orElse(end);
        Instant toTime = lastTransaction(backup.stop(), to, path)
                .map(TransactionEnd::time)
                .filter(time -> time.isAfter(backup.stopTime()))
                .orElse(backup.stopTime());
        return new RecoveryWindow(
                timeline,
                backup.id(),
                backup.stopTime(),
                backup.stop(),
                toTime,
                to.isBefore(backup.stop()) ? backup.stop() : to);
    }

    private Optional<TransactionEnd> lastTransaction(Lsn from, Lsn to, WalPath path) throws IOException {
        for (int index = path.steps().size() - 1; index >= 0; index--) {
            WalFacts facts = archive.facts(path.steps().get(index));
            Optional<TransactionEnd> last = facts.transactions().last().stream()
                    .filter(end -> !end.end().isAfter(to))
                    .findFirst();
            if (last.isEmpty() && index > 0) {
                last = facts.transactionEndCutFrom(archive.facts(path.steps().get(index - 1)));
            }
            if (last.isPresent()) {
                return last.filter(end -> !end.start().isBefore(from));
            }
            if (path.steps().get(index).start(archive.segmentSize()).isBefore(from)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}

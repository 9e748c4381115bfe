package org.pgark.physical.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * The segments that recovery reads along one timeline from where a backup starts, up to the first that the archive lacks,
 * and then what the backup has itself. Where it has some WAL that the archive lacks, the path ends at the backup's stop,
 * though there may be more in the archive.
 *
 * @param steps the segments in the WAL's order
 * @param archived how many of them, from the first on, are to be read from the archive
 * @param missing the first segment that is not there
 * @param laterFound whether segments of the timeline that come after the missing one are there, so that it is a hole
 * @param leftAt where the last step ends, if before the segment's end: where the timeline forked off, if the step is the
 *     parent's segment, read because the timeline's own is missing; or how far a running segment was saved
 * @param carriedTo the backup's stop, where the path ends with what the backup has itself
 */
record WalPath(
        List<WalSegmentName> steps,
        int archived,
        WalSegmentName missing,
        boolean laterFound,
        Optional<Lsn> leftAt,
        Optional<Lsn> carriedTo) {
    WalPath {
        steps = List.copyOf(steps);
    }

    /*
     * As XLogFileReadAnyTLI of access/transam/xlogrecovery.c: for each segment the newest timeline of the history that had
     * begun by then. Where a timeline forks off inside a segment, its own copy of the segment repeats the parent's
     * beginning. The parent's copy is right only up to the fork: it is taken as the last step, and nothing after it.
     */
    static WalPath along(TimelineHistory history, BackupPoint backup, ArchivedWal archive) throws IOException {
        return along(history, backup, archive, Long.MAX_VALUE);
    }

    /** Like that, but no further than to the segment with the number {@code last}. */
    static WalPath along(TimelineHistory history, BackupPoint backup, ArchivedWal archive, long last)
            throws IOException {
        WalSegmentSize size = archive.segmentSize();
        List<WalSegmentName> steps = new ArrayList<>();
        long number = Long.divideUnsigned(backup.start().value(), size.bytes());
        while (true) {
            Timeline timeline = newestBegunBy(history, number, size);
            WalSegmentName wanted = WalSegmentName.ofNumber(timeline, number, size);
            if (number > last) {
                return new WalPath(steps, steps.size(), wanted, false, Optional.empty(), Optional.empty());
            }
            if (archive.segmentNumbers(timeline).contains(number)) {
                steps.add(wanted);
                number++;
                continue;
            }
            Optional<Lsn> running = archive.runningEnd(timeline, number);
            if (running.isPresent() && isBetterThanCarried(backup, wanted, running.get())) {
                return endingInside(steps, wanted, wanted, history, number, archive, running.get());
            }
            Optional<Lsn> fork = forkInside(history, timeline, wanted, size);
            if (fork.isPresent()) {
                Timeline parent = parentOf(history, timeline);
                Optional<Lsn> parents = archive.runningEnd(parent, number);
                if (parents.isPresent() && isBetterThanCarried(backup, wanted.on(parent), parents.get())) {
                    Lsn end = parents.get().isBefore(fork.get()) ? parents.get() : fork.get();
                    return endingInside(steps, wanted.on(parent), wanted, history, number, archive, end);
                }
                if (archive.segmentNumbers(parent).contains(number)) {
                    steps.add(wanted.on(parent));
                    return new WalPath(
                            steps, steps.size(), wanted, hasLater(history, number, archive), fork, Optional.empty());
                }
            }
            boolean later = hasLater(history, number, archive);
            int archived = steps.size();
            WalSegmentName own = fork.isPresent() ? wanted.on(parentOf(history, timeline)) : wanted;
            if (!backup.carries(own) || !own.start(size).isBefore(backup.stop())) {
                return new WalPath(steps, archived, wanted, later, Optional.empty(), Optional.empty());
            }
            for (WalSegmentName step = own; step.start(size).isBefore(backup.stop()); step = step.next(size)) {
                steps.add(step);
            }
            return new WalPath(steps, archived, wanted, later, Optional.empty(), Optional.of(backup.stop()));
        }
    }

    private static boolean isBetterThanCarried(BackupPoint backup, WalSegmentName segment, Lsn end) {
        return !backup.carries(segment) || !end.isBefore(backup.stop());
    }

    private static WalPath endingInside(
            List<WalSegmentName> steps,
            WalSegmentName last,
            WalSegmentName missing,
            TimelineHistory history,
            long number,
            ArchivedWal archive,
            Lsn end)
            throws IOException {
        steps.add(last);
        boolean later = hasLater(history, number, archive);
        return new WalPath(steps, steps.size(), missing, later, Optional.of(end), Optional.empty());
    }

    private static Timeline newestBegunBy(TimelineHistory history, long number, WalSegmentSize size) {
        List<Timeline> newestFirst = history.chain().reversed();
        for (Timeline timeline : newestFirst) {
            Lsn begin = history.beginOf(timeline).orElse(Lsn.ZERO);
            if (Long.compareUnsigned(Long.divideUnsigned(begin.value(), size.bytes()), number) <= 0) {
                return timeline;
            }
        }
        return newestFirst.getLast();
    }

    private static Optional<Lsn> forkInside(
            TimelineHistory history, Timeline timeline, WalSegmentName segment, WalSegmentSize size) {
        return history.beginOf(timeline)
                .filter(begin -> begin.isAfter(segment.start(size)) && begin.isBefore(segment.end(size)));
    }

    private static Timeline parentOf(TimelineHistory history, Timeline timeline) {
        List<Timeline> chain = history.chain();
        return chain.get(chain.indexOf(timeline) - 1);
    }

    private static boolean hasLater(TimelineHistory history, long number, ArchivedWal archive) throws IOException {
        for (Timeline timeline : history.chain()) {
            NavigableSet<Long> later = archive.segmentNumbers(timeline).tailSet(number, false);
            for (long found : later) {
                if (newestBegunBy(history, found, archive.segmentSize()).equals(timeline)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether every segment up to the one that holds the byte before {@code position} is there, on the right timeline. */
    boolean reaches(Lsn position, WalSegmentSize size) {
        if (leftAt.isPresent()) {
            return !position.isAfter(leftAt.get());
        }
        return !steps.isEmpty() && !position.isAfter(end(size));
    }

    /** Whether the last step is the parent's segment, because the timeline's own is missing. */
    boolean endsOnParent() {
        return leftAt.isPresent() && !steps.getLast().timeline().equals(missing.timeline());
    }

    /** Where the path's last segment ends, or what the path has of it. */
    Lsn end(WalSegmentSize size) {
        return leftAt.or(() -> carriedTo).orElseGet(() -> steps.getLast().end(size));
    }

    /** The segments that are read from the archive. */
    List<WalSegmentName> archivedSteps() {
        return steps.subList(0, archived);
    }

    /** The path cut off behind the segment that holds the byte before {@code position}. */
    WalPath upTo(Lsn position, WalSegmentSize size) {
        List<WalSegmentName> kept = steps.stream()
                .filter(segment -> segment.start(size).isBefore(position))
                .toList();
        boolean whole = kept.size() == steps.size();
        return new WalPath(
                kept,
                Math.min(archived, kept.size()),
                missing,
                laterFound,
                whole ? leftAt : Optional.empty(),
                whole ? carriedTo : Optional.empty());
    }
}

package org.pgark.physical.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.archive.WalArchive;

/**
 * Finds WAL that a listing of the archive does not show, as one may not that is behind: it is asked for where it should
 * be. With a listing that is not behind that costs a request for each timeline, and one for each segment of a short hole.
 */
final class UnlistedWal {
    /** What is missing over more segments than this is not what a listing has not got yet. */
    private static final int LONGEST_HOLE = 32;

    private final WalArchive archive;
    private final WalSegmentSize segmentSize;
    private final List<BackupRecord> backups;

    /** @param backups those that are committed: the archive had all WAL from start to end of each */
    UnlistedWal(WalArchive archive, WalSegmentSize segmentSize, List<BackupRecord> backups) {
        this.archive = archive;
        this.segmentSize = segmentSize;
        this.backups = List.copyOf(backups);
    }

    /** Which segments are not needed any more, wherever they are. */
    interface Gone {
        boolean test(long number);
    }

    /** Adds the numbers of segments of a timeline that were not listed and are there. */
    void addSegments(Timeline timeline, NavigableSet<Long> listed, Gone gone) throws IOException {
        NavigableSet<Long> doubtful = new TreeSet<>();
        for (BackupRecord backup : backups) {
            if (backup.wal().stopTimeline().equals(timeline)
                    && backup.wal().startTimeline().equals(timeline)) {
                long last = backup.wal().last().number(segmentSize);
                for (long number = backup.wal().first().number(segmentSize); number <= last; number++) {
                    doubtful.add(number);
                }
            }
        }
        List<Long> known = new ArrayList<>(listed);
        for (int index = 1; index < known.size(); index++) {
            if (known.get(index) - known.get(index - 1) <= LONGEST_HOLE) {
                for (long number = known.get(index - 1) + 1; number < known.get(index); number++) {
                    doubtful.add(number);
                }
            }
        }
        for (long number : doubtful) {
            if (!listed.contains(number) && !gone.test(number) && isThere(timeline, number)) {
                listed.add(number);
            }
        }
        if (!listed.isEmpty()) {
            long next = listed.last() + 1;
            while (!gone.test(next) && isThere(timeline, next)) {
                listed.add(next++);
            }
        }
    }

    private boolean isThere(Timeline timeline, long number) throws IOException {
        return archive.contains(WalSegmentName.ofNumber(timeline, number, segmentSize));
    }

    /** Adds timelines that were not listed: those of backups, and those whose history follows. */
    void addTimelines(NavigableSet<Timeline> listed) throws IOException {
        for (BackupRecord backup : backups) {
            listed.add(backup.wal().startTimeline());
            listed.add(backup.wal().stopTimeline());
        }
        if (!listed.isEmpty()) {
            Timeline next = new Timeline(listed.last().id() + 1);
            while (archive.contains(new WalFileName.History(next))) {
                listed.add(next);
                next = new Timeline(next.id() + 1);
            }
        }
    }
}

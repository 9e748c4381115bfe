package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * An archive as if it did not have the segments that are broken, so that it is seen what can be recovered without them.
 * Not thread-safe.
 */
public final class SoundWal implements ArchivedWal {
    private final ArchivedWal archive;
    private final Set<WalSegmentName> broken;
    private final Map<Timeline, NavigableSet<Long>> numbers = new HashMap<>();

    /** Leaves {@code broken} out of {@code archive}. */
    public SoundWal(ArchivedWal archive, Set<WalSegmentName> broken) {
        this.archive = archive;
        this.broken = Set.copyOf(broken);
    }

    @Override
    public WalSegmentSize segmentSize() {
        return archive.segmentSize();
    }

    @Override
    public NavigableSet<Timeline> timelines() throws IOException {
        return archive.timelines();
    }

    @Override
    public TimelineHistory history(Timeline timeline) throws IOException {
        return archive.history(timeline);
    }

    @Override
    public Optional<Lsn> runningEnd(Timeline timeline, long number) throws IOException {
        return broken.contains(WalSegmentName.ofNumber(timeline, number, segmentSize()))
                ? Optional.empty()
                : archive.runningEnd(timeline, number);
    }

    @Override
    public NavigableSet<Long> segmentNumbers(Timeline timeline) throws IOException {
        NavigableSet<Long> known = numbers.get(timeline);
        if (known == null) {
            known = new TreeSet<>(archive.segmentNumbers(timeline));
            for (WalSegmentName segment : broken) {
                if (segment.timeline().equals(timeline)) {
                    known.remove(segment.number(segmentSize()));
                }
            }
            numbers.put(timeline, known);
        }
        return known;
    }

    @Override
    public Optional<String> historyDamage(Timeline timeline) throws IOException {
        return archive.historyDamage(timeline);
    }

    @Override
    public Optional<String> damageOf(WalSegmentName segment) throws IOException {
        return archive.damageOf(segment);
    }

    @Override
    public WalFacts facts(WalSegmentName segment) throws IOException {
        return archive.facts(segment);
    }

    @Override
    public InputStream open(WalSegmentName segment) throws IOException {
        return archive.open(segment);
    }
}

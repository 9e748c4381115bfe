package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;

/** The archived WAL of one incarnation, as the planner asks for it. Lists each timeline once. Not thread-safe. */
public final class RepositoryWal implements ArchivedWal {
    private static final int FACTS_KEPT = 8;

    private final WalArchive archive;
    private final Incarnation incarnation;
    private final WalSegmentSize segmentSize;
    private final Map<Timeline, TimelineHistory> histories = new HashMap<>();
    private final Map<Timeline, NavigableSet<Long>> numbers = new HashMap<>();
    private final Map<WalSegmentName, WalFacts> facts = new LinkedHashMap<>(FACTS_KEPT * 2, 0.75f, true);

    /** Reads what {@code cluster} has archived. */
    public RepositoryWal(ClusterRepository cluster) {
        this.archive = cluster.walArchive();
        this.incarnation = cluster.incarnation();
        this.segmentSize = incarnation.segmentSize();
    }

    @Override
    public WalSegmentSize segmentSize() {
        return segmentSize;
    }

    @Override
    public NavigableSet<Timeline> timelines() throws IOException {
        return new TreeSet<>(archive.timelines());
    }

    @Override
    public TimelineHistory history(Timeline timeline) throws IOException {
        TimelineHistory known = histories.get(timeline);
        if (known == null) {
            Optional<String> text = archive.history(timeline);
            known = text.isPresent()
                    ? TimelineHistory.parse(timeline, text.get())
                    : TimelineHistory.withoutAncestors(timeline);
            histories.put(timeline, known);
        }
        return known;
    }

    @Override
    public NavigableSet<Long> segmentNumbers(Timeline timeline) throws IOException {
        NavigableSet<Long> known = numbers.get(timeline);
        if (known == null) {
            known = new TreeSet<>();
            for (ArchivedFile file : archive.list(timeline)) {
                if (file.name() instanceof WalFileName.Segment(WalSegmentName name)) {
                    known.add(name.number(segmentSize));
                }
            }
            numbers.put(timeline, known);
        }
        return known;
    }

    @Override
    public WalFacts facts(WalSegmentName segment) throws IOException {
        WalFacts known = facts.get(segment);
        if (known == null) {
            known = WalFacts.decode(archive.facts(new WalFileName.Segment(segment))
                    .orElseThrow(
                            () -> new IOException("WAL segment \"" + segment + "\" has left the archive meanwhile")));
            // An object that stands under another one's name is sound in itself.
            known.header()
                    .check(
                            segment,
                            segmentSize.bytes(),
                            incarnation.systemIdentifier(),
                            incarnation.major(),
                            segmentSize);
            facts.put(segment, known);
            if (facts.size() > FACTS_KEPT) {
                facts.remove(facts.keySet().iterator().next());
            }
        }
        return known;
    }

    /** The segments that a recovery reads from the archive, in that order. */
    public List<WalSegmentName> segmentsOf(RecoveryPlan plan) throws IOException {
        List<WalSegmentName> archived =
                WalPath.along(history(plan.timeline()), plan.backup(), this).archivedSteps();
        return archived.subList(0, Math.min(archived.size(), plan.segments()));
    }

    /**
     * Reads a segment whole and makes sure that it is what was archived under its name.
     *
     * @throws org.pgark.repository.frame.DamagedObjectException if the object is not what was written
     * @throws org.pgark.postgres.wal.WalSegmentMismatchException if it holds another segment
     */
    public void verify(WalSegmentName segment) throws IOException {
        archive.verify(new WalFileName.Segment(segment));
        facts(segment);
    }

    @Override
    public InputStream open(WalSegmentName segment) throws IOException {
        return archive.open(new WalFileName.Segment(segment));
    }
}

package org.pgark.physical.recovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.TransactionEnd;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.DamagedWal;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.repository.retention.NumberRanges;

/** The archived WAL of one incarnation, as the planner asks for it. Lists each timeline once. Not thread-safe. */
public final class RepositoryWal implements ArchivedWal {
    private static final int FACTS_KEPT = 8;
    private static final int SEGMENTS_LOOKED_INTO = 64;

    private final ClusterRepository cluster;
    private final WalArchive archive;
    private final Incarnation incarnation;
    private final WalSegmentSize segmentSize;
    private final boolean withDamaged;
    private final Map<Timeline, TimelineHistory> histories = new HashMap<>();
    private final Map<Timeline, Optional<String>> historyDamages = new HashMap<>();
    private final Map<Timeline, NavigableSet<Long>> numbers = new HashMap<>();
    private final Map<Timeline, NavigableSet<WalSegmentName>> running = new HashMap<>();
    private final Map<WalSegmentName, byte[]> saved = new HashMap<>();
    private final Map<WalSegmentName, WalFacts> facts = new LinkedHashMap<>(FACTS_KEPT * 2, 0.75f, true);

    /** Reads what {@code cluster} has archived, as if segments in which damage was found were not there. */
    public RepositoryWal(ClusterRepository cluster) {
        this(cluster, false);
    }

    private RepositoryWal(ClusterRepository cluster, boolean withDamaged) {
        this.withDamaged = withDamaged;
        this.cluster = cluster;
        this.archive = cluster.walArchive();
        this.incarnation = cluster.incarnation();
        this.segmentSize = incarnation.segmentSize();
    }

    /** Reads what {@code cluster} has archived, with the segments in which damage was found. */
    public static RepositoryWal withDamaged(ClusterRepository cluster) {
        return new RepositoryWal(cluster, true);
    }

    @Override
    public Optional<String> damageOf(WalSegmentName segment) throws IOException {
        return Optional.ofNullable(cluster.care().damagedWal().segments().get(segment))
                .map(DamagedWal.Finding::reason);
    }

    @Override
    public WalSegmentSize segmentSize() {
        return segmentSize;
    }

    @Override
    public NavigableSet<Timeline> timelines() throws IOException {
        NavigableSet<Timeline> found = new TreeSet<>(archive.timelines());
        unlisted().addTimelines(found);
        return found;
    }

    @Override
    public TimelineHistory history(Timeline timeline) throws IOException {
        if (timeline.equals(Timeline.FIRST)) {
            // It has no file, and to ask for one costs three requests.
            return TimelineHistory.withoutAncestors(timeline);
        }
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
            Care care = cluster.care();
            ExpiredWal expired = care.expired();
            for (ArchivedFile file : archive.list(timeline)) {
                if (file.name() instanceof WalFileName.Segment(WalSegmentName name)) {
                    known.add(name.number(segmentSize));
                }
            }
            // What has expired may be deleted at any moment.
            unlisted().addSegments(timeline, known, number -> expired.contains(timeline, number));
            known.removeIf(number -> expired.contains(timeline, number) || isLeftOut(care, timeline, number));
            numbers.put(timeline, known);
        }
        return known;
    }

    private boolean isLeftOut(Care care, Timeline timeline, long number) {
        return !withDamaged
                && care.damagedWal().segments().containsKey(WalSegmentName.ofNumber(timeline, number, segmentSize));
    }

    private UnlistedWal unlisted() throws IOException {
        return new UnlistedWal(archive, segmentSize, cluster.backups());
    }

    @Override
    public Optional<Lsn> runningEnd(Timeline timeline, long number) throws IOException {
        NavigableSet<WalSegmentName> known = running.get(timeline);
        if (known == null) {
            known = archive.running().list(timeline);
            running.put(timeline, known);
        }
        WalSegmentName segment = WalSegmentName.ofNumber(timeline, number, segmentSize);
        if (!known.contains(segment) || cluster.care().expired().contains(timeline, number)) {
            return Optional.empty();
        }
        int length = saved(segment).length;
        return length < WalSegmentHeader.BYTES
                ? Optional.empty()
                : Optional.of(segment.start(segmentSize).plus(length));
    }

    /** What is saved of a segment that is not complete, as it was when it was first asked for. */
    private byte[] saved(WalSegmentName segment) throws IOException {
        byte[] known = saved.get(segment);
        if (known == null) {
            known = archive.running().content(segment);
            saved.put(segment, known);
        }
        return known;
    }

    /** A segment that only pieces are saved of, with zeros behind them; empty for one that is archived. */
    private Optional<byte[]> runningContent(WalSegmentName segment) throws IOException {
        long number = segment.number(segmentSize);
        return segmentNumbers(segment.timeline()).contains(number)
                        || runningEnd(segment.timeline(), number).isEmpty()
                ? Optional.empty()
                : Optional.of(Arrays.copyOf(saved(segment), segmentSize.bytes()));
    }

    private static WalFacts factsOf(WalSegmentName segment, byte[] content) throws IOException {
        WalFactsCollector collector = new WalFactsCollector(segment);
        collector.feed(ByteBuffer.wrap(content));
        return collector.finish();
    }

    @Override
    public WalFacts facts(WalSegmentName segment) throws IOException {
        WalFacts known = facts.get(segment);
        if (known == null) {
            Optional<byte[]> running = runningContent(segment);
            known = running.isPresent()
                    ? factsOf(segment, running.get())
                    : WalFacts.decode(archive.facts(new WalFileName.Segment(segment))
                            .orElseThrow(() ->
                                    new IOException("WAL segment \"" + segment + "\" has left the archive meanwhile")));
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

    @Override
    public Optional<String> historyDamage(Timeline timeline) throws IOException {
        Optional<String> known = historyDamages.get(timeline);
        if (known == null) {
            known = readHistoryDamage(timeline);
            historyDamages.put(timeline, known);
        }
        return known;
    }

    private Optional<String> readHistoryDamage(Timeline timeline) throws IOException {
        try {
            Optional<String> text = archive.history(timeline);
            if (text.isPresent()) {
                histories.put(timeline, TimelineHistory.parse(timeline, text.get()));
                archive.verify(new WalFileName.History(timeline));
            }
            return Optional.empty();
        } catch (DamagedObjectException | DamagedFileException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What is wrong with the history file by which a backup is recovered: it has to be there, unless the backup itself may
     * have it, and to lead from the backup's start to its end. The first timeline has none.
     */
    public Optional<String> historyFault(BackupPoint backup) throws IOException {
        Timeline timeline = backup.stopTimeline();
        Optional<String> damage = historyDamage(timeline);
        if (damage.isPresent() || timeline.equals(Timeline.FIRST)) {
            return damage;
        }
        if (archive.history(timeline).isEmpty()) {
            return backup.carriedFrom().isPresent()
                    ? Optional.empty()
                    : Optional.of("history file \"" + timeline.historyFileName() + "\" is missing");
        }
        return RecoveryWindows.liesOn(history(timeline), backup)
                ? Optional.empty()
                : Optional.of("history file \"" + timeline.historyFileName()
                        + "\" does not lead from the start of backup \"" + backup.id() + "\", " + backup.start()
                        + " on timeline " + backup.startTimeline() + ", to its end");
    }

    /** What is missing of that by which a backup becomes consistent: its timeline's history or the first such segment. */
    public Optional<String> faultOf(BackupPoint backup) throws IOException {
        Optional<String> history = historyFault(backup);
        return history.isPresent()
                ? history
                : missingFor(backup).map(segment -> "WAL segment " + segment + " is missing");
    }

    private Optional<WalSegmentName> missingFor(BackupPoint backup) throws IOException {
        long last = Long.divideUnsigned(backup.stop().value() - 1, segmentSize.bytes());
        WalPath path = WalPath.along(history(backup.stopTimeline()), backup, this, last);
        return path.reaches(backup.stop(), segmentSize) ? Optional.empty() : Optional.of(path.missing());
    }

    /** When the last transaction ended on the timeline itself, as far as its newest segments tell. */
    public Optional<Instant> lastTransaction(Timeline timeline) throws IOException {
        int looked = 0;
        for (long number : segmentNumbers(timeline).descendingSet()) {
            Optional<Instant> last = lastCommitOf(timeline, number);
            if (last.isPresent() || ++looked == SEGMENTS_LOOKED_INTO) {
                return last;
            }
        }
        return Optional.empty();
    }

    /**
     * When a transaction ended on a timeline, between two times and at neither of them. Looks at few segments, and takes for
     * granted that time went forward from one to the next.
     */
    public Optional<Instant> commitBetween(Timeline timeline, Instant after, Instant before) throws IOException {
        List<Long> there = List.copyOf(segmentNumbers(timeline));
        int low = 0;
        int high = there.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = middle;
            Optional<Instant> time = lastCommitOf(timeline, there.get(at));
            while (time.isEmpty() && at < high && at < middle + SEGMENTS_LOOKED_INTO) {
                at++;
                time = lastCommitOf(timeline, there.get(at));
            }
            if (time.isEmpty() || !time.get().isBefore(before)) {
                high = middle - 1;
            } else if (time.get().isAfter(after)) {
                return time;
            } else {
                low = at + 1;
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> lastCommitOf(Timeline timeline, long number) throws IOException {
        return facts(WalSegmentName.ofNumber(timeline, number, segmentSize)).transactions().last().stream()
                .map(TransactionEnd::time)
                .max(Instant::compareTo);
    }

    /** When the newest segment of a timeline was archived, or its history file if there is no segment. */
    public Optional<Instant> lastArchived(Timeline timeline) throws IOException {
        NavigableSet<Long> there = segmentNumbers(timeline);
        WalFileName newest = there.isEmpty()
                ? new WalFileName.History(timeline)
                : new WalFileName.Segment(WalSegmentName.ofNumber(timeline, there.last(), segmentSize));
        return archive.content(newest).map(ArchivedContent::archived);
    }

    /** Proves that the repository itself is there, so that what is not found in it is really missing. */
    void checkPresence() throws IOException {
        cluster.checkPresence();
    }

    /** The holes in the WAL that is kept: runs of segments that are missing between two of a timeline that are there. */
    public List<WalGap> gaps() throws IOException {
        if (!withDamaged) {
            return withDamaged(cluster).gaps();
        }
        List<WalGap> gaps = new ArrayList<>();
        ExpiredWal expired = cluster.care().expired();
        for (Timeline timeline : timelines()) {
            NumberRanges alive = expired.alive().getOrDefault(timeline, NumberRanges.ALL);
            long before = -1;
            for (long number : segmentNumbers(timeline)) {
                if (before >= 0 && number > before + 1) {
                    NumberRanges hole =
                            new NumberRanges(List.of(new NumberRanges.Range(before + 1, number - 1))).and(alive);
                    for (NumberRanges.Range range : hole.ranges()) {
                        gaps.add(new WalGap(
                                WalSegmentName.ofNumber(timeline, range.first(), segmentSize),
                                WalSegmentName.ofNumber(timeline, range.last(), segmentSize),
                                range.last() - range.first() + 1));
                    }
                }
                before = number;
            }
        }
        return gaps;
    }

    /** The segments that a recovery reads from the archive, in that order. */
    public List<WalSegmentName> segmentsOf(RecoveryPlan plan) throws IOException {
        List<WalSegmentName> archived =
                WalPath.along(history(plan.timeline()), plan.backup(), this).archivedSteps();
        return archived.subList(0, Math.min(archived.size(), plan.segments()));
    }

    /** Makes ready to {@link #verify} many segments. */
    public void expectMuch() {
        archive.expectMuch();
    }

    /**
     * Reads a segment whole and makes sure that it is what was archived under its name.
     *
     * @throws org.pgark.repository.frame.DamagedObjectException if the object is not what was written
     * @throws org.pgark.postgres.wal.WalSegmentMismatchException if it holds another segment
     */
    public void verify(WalSegmentName segment) throws IOException {
        if (runningContent(segment).isEmpty()) {
            archive.verify(new WalFileName.Segment(segment));
        }
        facts(segment);
    }

    @Override
    public InputStream open(WalSegmentName segment) throws IOException {
        Optional<byte[]> running = runningContent(segment);
        return running.isPresent()
                ? new ByteArrayInputStream(running.get())
                : archive.open(new WalFileName.Segment(segment));
    }
}

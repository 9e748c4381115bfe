package org.pgark.physical.recovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalFactsCollector;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** An archive in memory. */
final class FakeArchive implements ArchivedWal {
    private final Map<WalSegmentName, byte[]> segments = new TreeMap<>();
    private final Map<Timeline, TimelineHistory> histories = new HashMap<>();

    /** Archives every segment that was written whole. */
    FakeArchive archive(WalWriter wal) {
        long last = wal.position().value() / WalWriter.SIZE.bytes();
        wal.segments()
                .headMap(last)
                .forEach((number, content) ->
                        segments.put(WalSegmentName.ofNumber(wal.timeline(), number, WalWriter.SIZE), content.clone()));
        return this;
    }

    /** Archives where a timeline came from, oldest ancestor first. */
    FakeArchive history(int timeline, TimelineHistory.Entry... entries) {
        histories.put(new Timeline(timeline), new TimelineHistory(new Timeline(timeline), List.of(entries)));
        return this;
    }

    static TimelineHistory.Entry left(int parent, Lsn switchPoint) {
        return new TimelineHistory.Entry(new Timeline(parent), switchPoint, "no recovery target specified");
    }

    FakeArchive lose(String segment) {
        if (segments.remove(WalSegmentName.parse(segment)) == null) {
            throw new IllegalArgumentException("there is no " + segment + " but " + segments.keySet());
        }
        return this;
    }

    /** Zeroes a segment from an offset on. */
    FakeArchive cutOff(String segment, int offset) {
        segments.computeIfPresent(WalSegmentName.parse(segment), (_, content) -> {
            Arrays.fill(content, offset, content.length, (byte) 0);
            return content;
        });
        return this;
    }

    @Override
    public WalSegmentSize segmentSize() {
        return WalWriter.SIZE;
    }

    @Override
    public NavigableSet<Timeline> timelines() {
        NavigableSet<Timeline> timelines = new TreeSet<>(histories.keySet());
        segments.keySet().forEach(segment -> timelines.add(segment.timeline()));
        return timelines;
    }

    @Override
    public TimelineHistory history(Timeline timeline) {
        return histories.getOrDefault(timeline, TimelineHistory.withoutAncestors(timeline));
    }

    @Override
    public NavigableSet<Long> segmentNumbers(Timeline timeline) {
        NavigableSet<Long> numbers = new TreeSet<>();
        segments.keySet().stream()
                .filter(segment -> segment.timeline().equals(timeline))
                .forEach(segment -> numbers.add(segment.number(WalWriter.SIZE)));
        return numbers;
    }

    @Override
    public WalFacts facts(WalSegmentName segment) throws IOException {
        WalFactsCollector collector = new WalFactsCollector(segment);
        collector.feed(ByteBuffer.wrap(content(segment)));
        return collector.finish();
    }

    @Override
    public InputStream open(WalSegmentName segment) {
        return new ByteArrayInputStream(content(segment));
    }

    private byte[] content(WalSegmentName segment) {
        return Objects.requireNonNull(segments.get(segment));
    }
}

package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Uploads to all repositories at the same time, each on a thread of its own, so that one that is slow or away holds up no
 * other. For several threads.
 */
final class Uploads implements AutoCloseable {
    private final ReceiverDirectory directory;
    private final ReceiverPlaces places;
    private final List<String> names;
    private final List<UploadThread> lanes;

    private Uploads(
            WalReceiverRequest request, ReceiverDirectory directory, ReceiverPlaces places, ReceiverListener listener) {
        this.directory = directory;
        this.places = places;
        this.names = places.places().stream().map(ReceiverPlaces.Place::name).toList();
        this.lanes = places.places().stream()
                .map(place -> new UploadThread(request, directory, place, places.inWords(place), listener, this::prune))
                .toList();
    }

    static Uploads started(
            WalReceiverRequest request, ReceiverDirectory directory, ReceiverPlaces places, ReceiverListener listener) {
        Uploads made = new Uploads(request, directory, places, listener);
        made.lanes.forEach(UploadThread::start);
        return made;
    }

    /** Is told how far the stream is. */
    void received(Uploader.Received now) {
        lanes.forEach(lane -> lane.received(now));
    }

    void segmentFinished() {
        lanes.forEach(UploadThread::segmentFinished);
    }

    /** Up to where a timeline's WAL is durable in the repositories that must have it; zero if that is not known yet. */
    Lsn durable(Timeline timeline, Lsn flushed) {
        List<Lsn> ends =
                lanes.stream().map(lane -> lane.durable(timeline, flushed)).toList();
        Lsn farthest = Lsn.ZERO;
        for (Lsn end : ends) {
            if (end.isAfter(farthest)
                    && isMetBy(lane -> !lane.durable(timeline, flushed).isBefore(end))) {
                farthest = end;
            }
        }
        return farthest;
    }

    private boolean isMetBy(Predicate<UploadThread> having) {
        Set<String> met = lanes.stream().filter(having).map(UploadThread::name).collect(Collectors.toSet());
        return places.requirement().isMet(met, names);
    }

    /**
     * Removes segments that are durable where they must be, but for the newest of each timeline, which says where to go
     * on. A repository that need not have one gets it from here all the same, unless it is away.
     */
    private synchronized void prune() throws IOException {
        List<ReceivedSegment> segments = directory.segments();
        for (int index = 0; index < segments.size(); index++) {
            ReceivedSegment segment = segments.get(index);
            boolean hasLater = index + 1 < segments.size()
                    && segments.get(index + 1)
                            .name()
                            .timeline()
                            .equals(segment.name().timeline());
            if (segment.complete() && hasLater && isDone(segment.name())) {
                Files.deleteIfExists(segment.file());
                Files.deleteIfExists(directory.path().resolve(segment.name() + ReceiverDirectory.PARTIAL));
            }
        }
        Collection<WalSegmentName> left =
                segments.stream().map(ReceivedSegment::name).toList();
        lanes.forEach(lane -> lane.forgetAllBut(left));
    }

    private boolean isDone(WalSegmentName segment) {
        return isMetBy(lane -> lane.has(segment))
                && lanes.stream().allMatch(lane -> lane.has(segment) || lane.isAway());
    }

    /** Brings over what is left, as far as the repositories take it, and ends. */
    void finish() throws InterruptedException {
        lanes.forEach(UploadThread::end);
        for (UploadThread lane : lanes) {
            lane.finish();
        }
    }

    @Override
    public void close() {
        lanes.forEach(UploadThread::end);
        lanes.forEach(UploadThread::close);
    }
}

package org.pgark.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * Which segments one recovering server is likely to ask for next: those that follow on its timeline. Guarded by its owner.
 *
 * <p>The server takes files away without a word, so what is gone of those that lay ready was taken.
 */
final class ReadAhead {
    private final int most;
    private final long mostBytes;
    private final Activity use = new Activity();
    private final Set<WalSegmentName> ready = new HashSet<>();
    private final Set<WalSegmentName> fetching = new HashSet<>();
    private Optional<WalSegmentName> position = Optional.empty();
    private Optional<WalSegmentSize> size = Optional.empty();
    private boolean stopped;

    ReadAhead(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** The server asked for this segment and got it. */
    void handedOut(WalSegmentName segment, WalSegmentSize segmentSize) {
        use.now();
        position = Optional.of(segment);
        size = Optional.of(segmentSize);
        stopped = false;
    }

    /** A segment that was fetched ahead lies ready. */
    void fetched(WalSegmentName segment) {
        fetching.remove(segment);
        ready.add(segment);
    }

    /** Nothing more is to be fetched ahead until the server asks again. */
    void stop(WalSegmentName segment) {
        fetching.remove(segment);
        stopped = true;
    }

    /** Sees what was taken from the folder, and names the segments to fetch now. */
    List<WalSegmentName> next(Path folder) {
        if (position.isEmpty() || size.isEmpty()) {
            return List.of();
        }
        for (WalSegmentName segment : List.copyOf(ready)) {
            if (!Files.exists(folder.resolve(segment.toString()))) {
                ready.remove(segment);
                use.now();
                if (segment.compareTo(position.get()) > 0
                        && segment.timeline().equals(position.get().timeline())) {
                    position = Optional.of(segment);
                }
            }
        }
        List<WalSegmentName> wanted = new ArrayList<>();
        long window = stopped ? 0 : Math.min(most, mostBytes / size.get().bytes());
        WalSegmentName segment = position.get();
        for (long step = 0; step < window; step++) {
            segment = segment.next(size.get());
            if (!ready.contains(segment) && fetching.add(segment)) {
                wanted.add(segment);
            }
        }
        return wanted;
    }

    /**
     * The segments that lie ready but that the server went past or elsewhere from, or all of them after a while. Not the
     * one that was handed out last: a front may be about to take it.
     */
    Collection<WalSegmentName> stale(Duration after) {
        if (position.isEmpty() || size.isEmpty()) {
            return List.of();
        }
        boolean all = use.idle().compareTo(after) > 0;
        List<WalSegmentName> stale = ready.stream()
                .filter(segment -> all
                        || !segment.timeline().equals(position.get().timeline())
                        || segment.number(size.get()) < position.get().number(size.get())
                        || segment.number(size.get()) > position.get().number(size.get()) + most)
                .toList();
        stale.forEach(ready::remove);
        stopped |= all;
        return stale;
    }
}

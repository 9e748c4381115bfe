package org.pgark.storage.bucket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Makes few large reads of many small ones. A restore reads frame by frame, each some kilobytes behind the one before, and
 * each request costs the way to the service and back. What is read near to what was read before is fetched as a block, and
 * the block behind it at the same time; what is read here and there is fetched as it is, so that nothing is fetched in vain.
 * Objects never change, so what is kept is right until the object is deleted.
 */
final class ReadAhead {
    static final int BLOCK = 2 << 20;

    private static final int MOST_BLOCKS = 12;
    private static final int MOST_REMEMBERED = 512;

    private final Source source;
    private final ExecutorService threads;
    private final Map<Place, CompletableFuture<ByteBuffer>> blocks = leastRecentlyUsed(MOST_BLOCKS);
    private final Map<Place, Boolean> touched = leastRecentlyUsed(MOST_REMEMBERED);
    private final Map<String, Long> sizes = leastRecentlyUsed(MOST_REMEMBERED);

    /** Where bytes come from. */
    interface Source {
        /** The size of an object, or -1 if there is none. */
        long size(String key) throws IOException;

        /** Fills a buffer with an object's bytes from an offset on. */
        void read(String key, long offset, ByteBuffer target) throws IOException;
    }

    /** A block of an object; the first has number 0. */
    private record Place(String key, long number) {}

    ReadAhead(Source source, ExecutorService threads) {
        this.source = source;
        this.threads = threads;
    }

    private static <K, V> Map<K, V> leastRecentlyUsed(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Fills {@code target} from what is kept or read ahead.
     *
     * @return false if this read is none of those that reading ahead helps: nothing was read then
     */
    boolean read(String key, long offset, ByteBuffer target) throws IOException {
        long first = offset / BLOCK;
        long last = (offset + target.remaining() - 1) / BLOCK;
        if (target.remaining() >= BLOCK || !isNear(key, first, last)) {
            return false;
        }
        long size = size(key);
        if (size < offset + target.remaining()) {
            return false;
        }
        long at = offset;
        for (long number = first; number <= last; number++) {
            CompletableFuture<ByteBuffer> block = block(new Place(key, number), size);
            if (number == last && (number + 1) * BLOCK < size) {
                var _ = block(new Place(key, number + 1), size);
            }
            ByteBuffer kept = await(block, new Place(key, number));
            int from = (int) (at - number * BLOCK);
            int count = Math.min(kept.limit() - from, target.remaining());
            target.put(target.position(), kept, from, count).position(target.position() + count);
            at += count;
        }
        return true;
    }

    /** Whether something near was read before; remembers this read. */
    private synchronized boolean isNear(String key, long first, long last) {
        boolean near = touched.get(new Place(key, first)) != null || touched.get(new Place(key, first - 1)) != null;
        for (long number = first; number <= last; number++) {
            touched.put(new Place(key, number), true);
        }
        return near;
    }

    private long size(String key) throws IOException {
        synchronized (this) {
            Long known = sizes.get(key);
            if (known != null) {
                return known;
            }
        }
        long size = source.size(key);
        if (size >= 0) {
            synchronized (this) {
                sizes.put(key, size);
            }
        }
        return size;
    }

    private synchronized CompletableFuture<ByteBuffer> block(Place place, long size) {
        @Nullable CompletableFuture<ByteBuffer> kept = blocks.get(place);
        if (kept != null) {
            return kept;
        }
        CompletableFuture<ByteBuffer> fetched = CompletableFuture.supplyAsync(() -> fetch(place, size), threads);
        blocks.put(place, fetched);
        return fetched;
    }

    private ByteBuffer fetch(Place place, long size) {
        long offset = place.number() * BLOCK;
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, size - offset));
        try {
            source.read(place.key(), offset, block);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        return block.flip();
    }

    /** A block that could not be fetched is not kept: the next read asks again. */
    private ByteBuffer await(CompletableFuture<ByteBuffer> block, Place place) throws IOException {
        try {
            return block.join();
        } catch (CompletionException e) {
            synchronized (this) {
                blocks.remove(place, block);
            }
            throw Optional.ofNullable(e.getCause())
                    .filter(IOException.class::isInstance)
                    .map(IOException.class::cast)
                    .orElseGet(() -> new IOException(e));
        }
    }

    /** Nothing is known of an object any more. */
    synchronized void forget(String key) {
        sizes.remove(key);
        blocks.keySet().removeIf(place -> place.key().equals(key));
        touched.keySet().removeIf(place -> place.key().equals(key));
    }
}

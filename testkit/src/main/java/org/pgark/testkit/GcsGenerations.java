package org.pgark.testkit;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgark.testkit.GcsBucket.GcsObject;

/** What objects of a bucket of {@link GcsServer} were before they were replaced or deleted, if the bucket keeps that. */
final class GcsGenerations {
    private final AtomicLong numbers = new AtomicLong();
    private final List<Gone> gone = new CopyOnWriteArrayList<>();
    private volatile boolean kept;

    private record Gone(String key, GcsObject object, Instant time) {
        String json() {
            return item(key, object, ", \"timeDeleted\": \"" + time + "\"");
        }
    }

    void keep() {
        kept = true;
    }

    long next() {
        return numbers.incrementAndGet();
    }

    void add(String key, GcsObject object, Instant time) {
        if (kept) {
            gone.add(new Gone(key, object, time));
        } else {
            object.content().release();
        }
    }

    /** The generation of an object that is asked for; the current one where none is. */
    @Nullable
    GcsObject choose(String key, String generation, @Nullable GcsObject current) {
        if (generation.isEmpty()
                || (current != null && Long.toString(current.generation()).equals(generation))) {
            return current;
        }
        return gone.stream()
                .filter(one -> one.key().equals(key)
                        && Long.toString(one.object().generation()).equals(generation))
                .map(Gone::object)
                .findFirst()
                .orElse(null);
    }

    private static String item(String key, GcsObject object, String more) {
        return "{\"name\": \"" + key + "\", \"size\": \"" + object.content().size() + "\", \"generation\": \""
                + object.generation() + "\", \"timeCreated\": \"" + object.created() + "\"" + more + "}";
    }

    /** A page of all generations of the keys with a prefix; its token is a number of entries. */
    GcsReply list(Map<String, GcsObject> current, String prefix, int most, String from) {
        List<String> items = Stream.concat(
                        gone.stream()
                                .filter(one -> one.key().startsWith(prefix))
                                .map(one -> Map.entry(one.key(), one.json())),
                        current.entrySet().stream()
                                .filter(entry -> entry.getKey().startsWith(prefix))
                                .map(entry -> Map.entry(entry.getKey(), item(entry.getKey(), entry.getValue(), ""))))
                .sorted(Comparator.comparing(Map.Entry<String, String>::getKey))
                .map(Map.Entry::getValue)
                .toList();
        int begin = from.isEmpty() ? 0 : Integer.parseInt(from);
        int end = Math.min(items.size(), begin + most);
        return GcsReply.json("{\"items\": ["
                + items.subList(begin, end).stream().collect(Collectors.joining(", ")) + "]"
                + (end < items.size() ? ", \"nextPageToken\": \"" + end + "\"" : "") + "}");
    }
}

package org.pgark.storage.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/**
 * A bucket with object versioning as it was at an instant: of each key the generation that was current then, by the service's
 * clock. Nothing can be written.
 */
final class GcsPastClient implements BucketClient {
    private static final String FIELDS = "items(name,size,generation,timeCreated,timeDeleted),nextPageToken";

    private final GcsBucketClient client;
    private final Instant instant;
    private final int keysInPage;
    private final Map<String, Optional<Generation>> known = new ConcurrentHashMap<>();

    GcsPastClient(GcsBucketClient client, Instant instant, int keysInPage) {
        this.client = client;
        this.instant = instant;
        this.keysInPage = keysInPage;
    }

    private record Generation(String number, long size) {}

    /** Those of all keys under a prefix that were current. */
    private Map<String, Generation> generations(String prefix) throws IOException {
        Map<String, Generation> found = new TreeMap<>();
        String from = "";
        do {
            Map<String, String> query = new TreeMap<>(Map.of(
                    "prefix",
                    prefix,
                    "versions",
                    "true",
                    "maxResults",
                    Integer.toString(keysInPage),
                    "fields",
                    FIELDS));
            if (!from.isEmpty()) {
                query.put("pageToken", from);
            }
            JsonObject page = client.page(query);
            if (page.has("items")) {
                for (JsonElement element : page.getAsJsonArray("items")) {
                    JsonObject item = element.getAsJsonObject();
                    if (wasCurrent(item)) {
                        found.put(
                                item.get("name").getAsString(),
                                new Generation(
                                        item.get("generation").getAsString(),
                                        item.get("size").getAsLong()));
                    }
                }
            }
            JsonElement next = page.get("nextPageToken");
            from = next == null ? "" : next.getAsString();
        } while (!from.isEmpty());
        return found;
    }

    private boolean wasCurrent(JsonObject item) {
        JsonElement deleted = item.get("timeDeleted");
        return !Instant.parse(item.get("timeCreated").getAsString()).isAfter(instant)
                && (deleted == null || Instant.parse(deleted.getAsString()).isAfter(instant));
    }

    private Optional<Generation> generation(String key) throws IOException {
        Optional<Generation> generation = known.get(key);
        if (generation == null) {
            generation = Optional.ofNullable(generations(key).get(key));
            known.put(key, generation);
        }
        return generation;
    }

    @Override
    public Set<StoreFeature> features() {
        return Set.of();
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        throw readOnly();
    }

    @Override
    public PartUpload upload(String key) throws IOException {
        throw readOnly();
    }

    private IOException readOnly() {
        return new IOException("the bucket is seen as it was at " + instant + ", and cannot be written");
    }

    @Override
    public long size(String key) throws IOException {
        return generation(key).map(Generation::size).orElse(-1L);
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        Optional<Generation> generation = generation(key);
        return generation.isPresent()
                && client.read(key, Map.of("generation", generation.get().number()), offset, target);
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        List<ListedKey> objects = new ArrayList<>();
        Set<String> folders = new TreeSet<>();
        generations(prefix).forEach((key, generation) -> {
            int slash = key.indexOf('/', prefix.length());
            if (delimited && slash >= 0) {
                folders.add(key.substring(prefix.length(), slash));
            } else {
                objects.add(new ListedKey(key, generation.size()));
            }
        });
        return new ListPage(objects, List.copyOf(folders), "");
    }

    @Override
    public void delete(String key) throws IOException {
        throw readOnly();
    }

    @Override
    public void abortUploads(String prefix, Duration olderThan) throws IOException {
        throw readOnly();
    }

    @Override
    public void close() {
        client.close();
    }
}

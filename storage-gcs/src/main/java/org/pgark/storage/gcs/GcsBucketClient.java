package org.pgark.storage.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.Attempts;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ContentRange;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;
import org.pgark.storage.bucket.Retained;
import org.pgark.storage.bucket.StreamBytes;

/** The calls on one bucket of Google Cloud Storage. */
final class GcsBucketClient implements BucketClient {
    private static final String NO_GENERATION = "0";

    private final GcsRequests requests;
    private final GcsAddresses addresses;
    private final GcsObjectProperties properties;
    private final int keysInPage;
    private final GcsLocks locks;
    private volatile boolean bucketSeen;

    GcsBucketClient(GcsRequests requests, GcsAddresses addresses, GcsObjectProperties properties, int keysInPage) {
        this.requests = requests;
        this.addresses = addresses;
        this.properties = properties;
        this.keysInPage = keysInPage;
        this.locks = new GcsLocks(requests, addresses);
    }

    @Override
    public Set<StoreFeature> features() {
        return Set.of(StoreFeature.CONDITIONAL_CREATE, StoreFeature.DURABLE_COMMIT);
    }

    private Map<String, String> creation(String type) {
        Map<String, String> query = new TreeMap<>(Map.of("uploadType", type, "ifGenerationMatch", NO_GENERATION));
        properties.kmsKey().ifPresent(key -> query.put("kmsKeyName", key));
        return query;
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        String writer = UUID.randomUUID().toString();
        String boundary = "pgark-" + writer;
        JsonObject described = properties.describe(key, writer);
        described.addProperty("crc32c", GcsChecksum.of(content));
        byte[] head = ("--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" + described
                        + "\r\n--" + boundary + "\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(addresses.uploads(creation("multipart")))
                .header("Content-Type", "multipart/related; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofByteArray(head),
                        HttpRequest.BodyPublishers.ofByteArray(content.array(), 0, content.length()),
                        HttpRequest.BodyPublishers.ofByteArray(tail)));
        return requests.send(request, (answer, _) -> {
            if (answer.isDone()) {
                return true;
            }
            if (isTaken(key, answer)) {
                return isWrittenBy(key, writer);
            }
            throw answer.refusal();
        });
    }

    @Override
    public PartUpload upload(String key) throws IOException {
        String writer = UUID.randomUUID().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(addresses.uploads(creation("resumable")))
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("X-Upload-Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofString(
                        properties.describe(key, writer).toString()));
        String session = requests.send(request, (answer, _) -> {
            if (answer.isDone()) {
                return answer.header("location")
                        .orElseThrow(() -> new IOException("the service began an upload without saying where"));
            }
            if (isTaken(key, answer)) {
                return "";
            }
            throw answer.refusal();
        });
        return session.isEmpty()
                ? new TakenUpload()
                : new GcsPartUpload(requests, session, () -> isWrittenBy(key, writer));
    }

    /**
     * Whether an object was not created since its name is taken. A service may ask for the permission to overwrite before it
     * looks at the condition that the name is free.
     */
    private boolean isTaken(String key, GcsAnswer answer) throws IOException {
        return answer.status() == GcsAnswer.PRECONDITION_FAILED
                || (answer.status() == GcsAnswer.FORBIDDEN && size(key) >= 0);
    }

    private boolean isWrittenBy(String key, String writer) throws IOException {
        return requests.send(get(key, Map.of("fields", "metadata")), (answer, _) -> {
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                return false;
            }
            if (!answer.isDone()) {
                throw answer.refusal();
            }
            JsonObject metadata = answer.json().getAsJsonObject("metadata");
            JsonElement name = metadata == null ? null : metadata.get(GcsObjectProperties.WRITER);
            return name != null && name.getAsString().equals(writer);
        });
    }

    private HttpRequest.Builder get(String key, Map<String, String> query) {
        return HttpRequest.newBuilder(addresses.object(key, query)).GET();
    }

    @Override
    public long size(String key) throws IOException {
        return requests.send(get(key, Map.of("fields", "size")), (answer, _) -> {
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                requireBucket();
                return -1L;
            }
            if (!answer.isDone()) {
                throw answer.refusal();
            }
            return answer.json().get("size").getAsLong();
        });
    }

    /** A missing bucket answers like a missing object, and must not pass for it. */
    private void requireBucket() throws IOException {
        if (!bucketSeen) {
            page(Map.of("maxResults", "1", "fields", "nextPageToken"));
        }
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        return read(key, Map.of(), offset, target);
    }

    /** Likewise, with more in the address. */
    boolean read(String key, Map<String, String> more, long offset, ByteBuffer target) throws IOException {
        Map<String, String> query = new TreeMap<>(more);
        query.put("alt", "media");
        long last = offset + target.remaining() - 1;
        int start = target.position();
        HttpRequest.Builder request = get(key, query).header("Range", "bytes=" + offset + "-" + last);
        return requests.send(request, (answer, _) -> {
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                requireBucket();
                return false;
            }
            if (answer.status() == GcsAnswer.RANGE_NOT_SATISFIABLE) {
                throw new EOFException("the object ends before byte " + (last + 1));
            }
            if (!answer.isDone()) {
                throw answer.refusal();
            }
            if (offset > 0 && answer.header("content-range").isEmpty()) {
                throw new IOException("the service sends whole objects only");
            }
            long length = answer.header("content-length").map(Long::parseLong).orElse(Long.MAX_VALUE);
            if (length < target.remaining()) {
                throw new EOFException("the object ends before byte " + (last + 1));
            }
            fill(answer, target, start);
            return true;
        });
    }

    @Override
    public long readStart(String key, ByteBuffer target) throws IOException {
        HttpRequest.Builder request =
                get(key, Map.of("alt", "media")).header("Range", "bytes=0-" + (target.remaining() - 1));
        return requests.send(request, (answer, _) -> {
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                requireBucket();
                return -1L;
            }
            if (answer.status() == GcsAnswer.RANGE_NOT_SATISFIABLE) {
                // An object of no bytes has no range.
                return size(key);
            }
            if (!answer.isDone()) {
                throw answer.refusal();
            }
            OptionalLong said = ContentRange.size(answer.header("content-range").orElse(null));
            if (said.isEmpty()) {
                said = answer.header("content-length").stream()
                        .mapToLong(Long::parseLong)
                        .findFirst();
            }
            long size = said.orElseThrow(() -> new IOException("the service does not say how long the object is"));
            target.limit((int) Math.min(target.limit(), target.position() + size));
            StreamBytes.begin(answer.body(), target);
            return size;
        });
    }

    /** The caller goes on from where a stream broke; so this must not be sent again from its beginning. */
    private static void fill(GcsAnswer answer, ByteBuffer target, int start) throws IOException {
        try {
            StreamBytes.fill(answer.body(), target);
        } catch (IOException e) {
            if (target.position() == start) {
                throw Attempts.Passing.unanswered(e);
            }
            throw e;
        }
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        Map<String, String> query = new TreeMap<>(Map.of(
                "prefix",
                prefix,
                "maxResults",
                Integer.toString(keysInPage),
                "fields",
                "items(name,size),prefixes,nextPageToken"));
        if (delimited) {
            query.put("delimiter", "/");
        }
        if (!from.isEmpty()) {
            query.put("pageToken", from);
        }
        JsonObject page = page(query);
        List<ListedKey> objects = new ArrayList<>();
        if (page.has("items")) {
            page.getAsJsonArray("items")
                    .forEach(item -> objects.add(new ListedKey(
                            item.getAsJsonObject().get("name").getAsString(),
                            item.getAsJsonObject().get("size").getAsLong())));
        }
        List<String> folders = new ArrayList<>();
        if (page.has("prefixes")) {
            page.getAsJsonArray("prefixes").forEach(folder -> {
                String name = folder.getAsString();
                folders.add(name.substring(prefix.length(), name.length() - 1));
            });
        }
        JsonElement next = page.get("nextPageToken");
        return new ListPage(objects, folders, next == null ? "" : next.getAsString());
    }

    /** One page of a listing, as the service answers. */
    JsonObject page(Map<String, String> query) throws IOException {
        return requests.send(HttpRequest.newBuilder(addresses.objects(query)).GET(), (answer, _) -> {
            if (!answer.isDone()) {
                throw answer.refusal();
            }
            JsonObject page = answer.json();
            bucketSeen = true;
            return page;
        });
    }

    @Override
    public void delete(String key) throws IOException {
        requests.send(HttpRequest.newBuilder(addresses.object(key, Map.of())).DELETE(), (answer, _) -> {
            if (answer.status() == GcsAnswer.NOT_FOUND) {
                requireBucket();
            } else if (!answer.isDone()) {
                throw locks.refusedDeletion(key, answer.refusal(), answer.status());
            }
            return true;
        });
    }

    @Override
    public Retained retain(String key, Instant atLeast) throws IOException {
        return properties.lock().isPresent()
                ? locks.retain(key, atLeast, properties.lock().get())
                : Retained.ALREADY;
    }

    @Override
    public Optional<ObjectLock> lock() {
        return properties.lock();
    }

    /** An upload that was begun leaves nothing that anybody could list; the service forgets it after a week. */
    @Override
    public void abortUploads(String prefix, Duration olderThan) {}

    @Override
    public void close() {
        requests.close();
    }
}

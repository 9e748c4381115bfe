package org.pgark.storage.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.LockedKeyException;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;
import org.pgark.storage.bucket.Retained;
import org.pgark.storage.s3.S3Versions.Version;

/**
 * The calls on a bucket whose objects are locked.
 *
 * <p>Objects are written once, and nobody here deletes one that is locked. So of an object that is locked the oldest version
 * counts: a newer one, or the mark that it was deleted, was made by somebody else, and is not believed.
 */
final class S3LockedClient implements BucketClient {
    private final BucketClient client;
    private final S3Versions versions;
    private final ObjectLock lock;
    private final Map<String, Version> known = new ConcurrentHashMap<>();

    S3LockedClient(BucketClient client, S3Versions versions, ObjectLock lock) {
        this.client = client;
        this.versions = versions;
        this.lock = lock;
    }

    @Override
    public Set<StoreFeature> features() {
        return client.features();
    }

    @Override
    public BucketClient unconditional() {
        return new S3LockedClient(client.unconditional(), versions, lock);
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        return client.put(key, content);
    }

    @Override
    public PartUpload upload(String key) throws IOException {
        return client.upload(key);
    }

    /** The version that counts. */
    private Optional<Version> version(String key) throws IOException {
        Version before = known.get(key);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Version> found = counting(key, all(key));
        found.ifPresent(version -> known.put(key, version));
        return found;
    }

    private List<Version> all(String key) throws IOException {
        List<Version> all = new ArrayList<>();
        versions.list(key, false, version -> {
            if (version.key().equals(key)) {
                all.add(version);
            }
        });
        return all;
    }

    private Optional<Version> counting(String key, List<Version> all) throws IOException {
        Optional<Version> current = all.stream()
                .filter(Version::current)
                .filter(version -> !version.isMark())
                .findFirst();
        if (all.size() > 1 && lock.covers(key)) {
            for (Version version : all.stream()
                    .filter(one -> !one.isMark())
                    .sorted(Comparator.comparing(Version::time))
                    .toList()) {
                if (versions.lockedUntil(version).isPresent()) {
                    return Optional.of(version);
                }
            }
        }
        return current;
    }

    @Override
    public long size(String key) throws IOException {
        return version(key).map(Version::size).orElse(-1L);
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        Optional<Version> version = version(key);
        if (version.isEmpty()) {
            return false;
        }
        if (versions.read(version.get(), offset, target)) {
            return true;
        }
        known.remove(key);
        return false;
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        Map<String, List<Version>> listed = new TreeMap<>();
        SortedSet<String> folders = versions.list(
                prefix,
                delimited,
                version -> listed.computeIfAbsent(version.key(), _ -> new ArrayList<>(1))
                        .add(version));
        List<ListedKey> objects = new ArrayList<>();
        for (Map.Entry<String, List<Version>> entry : listed.entrySet()) {
            Optional<Version> version = counting(entry.getKey(), entry.getValue());
            if (version.isPresent()) {
                known.put(entry.getKey(), version.get());
                objects.add(new ListedKey(entry.getKey(), version.get().size()));
            }
        }
        return new ListPage(objects, List.copyOf(folders), "");
    }

    /** What is not locked is removed with all its versions, and only hidden where that is not allowed. */
    @Override
    public void delete(String key) throws IOException {
        known.remove(key);
        List<Version> all = all(key);
        if (lock.covers(key)) {
            for (Version version : all) {
                Optional<Instant> end = version.isMark() ? Optional.empty() : versions.lockedUntil(version);
                if (end.isPresent()) {
                    throw new LockedKeyException(end);
                }
            }
        }
        for (Version version : all) {
            if (!versions.remove(version)) {
                client.delete(key);
                return;
            }
        }
    }

    @Override
    public Retained retain(String key, Instant atLeast) throws IOException {
        Optional<Version> version = version(key);
        if (version.isEmpty()) {
            return Retained.ABSENT;
        }
        if (versions.lockedUntil(version.get())
                .filter(end -> !end.isBefore(atLeast))
                .isPresent()) {
            return Retained.ALREADY;
        }
        versions.lock(version.get(), lock);
        return Retained.RENEWED;
    }

    @Override
    public Optional<ObjectLock> lock() {
        return Optional.of(lock);
    }

    @Override
    public void abortUploads(String prefix, Duration olderThan) throws IOException {
        client.abortUploads(prefix, olderThan);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}

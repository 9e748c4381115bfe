package org.pgark.storage.s3;

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
import org.pgark.storage.s3.S3Versions.Version;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A versioned bucket as it was at an instant: of each key the newest version that is not younger, by the service's clock.
 * Each object is read by its version's id. Nothing can be written.
 */
final class S3PastClient implements BucketClient {
    private final S3Client s3;
    private final S3Versions versions;
    private final Instant instant;
    private final Map<String, Optional<Version>> known = new ConcurrentHashMap<>();

    S3PastClient(S3Client s3, S3Versions versions, Instant instant) {
        this.s3 = s3;
        this.versions = versions;
        this.instant = instant;
    }

    /** Those of all keys under a prefix that were there. */
    private Map<String, Version> versions(String prefix) throws IOException {
        Map<String, Version> newest = new TreeMap<>();
        versions.list(prefix, false, version -> {
            if (!version.time().isAfter(instant)) {
                newest.merge(version.key(), version, S3PastClient::newer);
            }
        });
        newest.values().removeIf(Version::isMark);
        return newest;
    }

    /** Of one second the version counts, and not the mark that it was deleted. */
    private static Version newer(Version one, Version other) {
        int order = one.time().compareTo(other.time());
        return order > 0 || (order == 0 && other.isMark()) ? one : other;
    }

    private Optional<Version> version(String key) throws IOException {
        Optional<Version> version = known.get(key);
        if (version == null) {
            version = Optional.ofNullable(versions(key).get(key));
            known.put(key, version);
        }
        return version;
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
        return version(key).map(Version::size).orElse(-1L);
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        Optional<Version> version = version(key);
        return version.isPresent() && versions.read(version.get(), offset, target);
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        List<ListedKey> objects = new ArrayList<>();
        Set<String> folders = new TreeSet<>();
        versions(prefix).forEach((key, version) -> {
            int slash = key.indexOf('/', prefix.length());
            if (delimited && slash >= 0) {
                folders.add(key.substring(prefix.length(), slash));
            } else {
                objects.add(new ListedKey(key, version.size()));
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
        s3.close();
    }
}

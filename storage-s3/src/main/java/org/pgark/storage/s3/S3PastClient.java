package org.pgark.storage.s3;

import java.io.EOFException;
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
import org.pgark.storage.bucket.StreamBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * A versioned bucket as it was at an instant: of each key the newest version that is not younger, by the service's clock.
 * Each object is read by its version's id. Nothing can be written.
 */
final class S3PastClient implements BucketClient {
    private final S3Client s3;
    private final String bucket;
    private final S3ObjectProperties properties;
    private final Instant instant;
    private final Map<String, Optional<Version>> known = new ConcurrentHashMap<>();

    S3PastClient(S3Client s3, String bucket, S3ObjectProperties properties, Instant instant) {
        this.s3 = s3;
        this.bucket = bucket;
        this.properties = properties;
        this.instant = instant;
    }

    private record Version(String id, long size) {}

    /** What is known of a key while its versions are read, in whatever order they come. */
    private record Newest(Instant time, Optional<Version> version) {}

    /** Those of all keys under a prefix that were there. */
    private Map<String, Version> versions(String prefix) throws IOException {
        Map<String, Newest> newest = new TreeMap<>();
        String keyMarker = "";
        String idMarker = "";
        boolean more = true;
        while (more) {
            String fromKey = keyMarker;
            String fromId = idMarker;
            ListObjectVersionsResponse page = S3Answer.of(() -> s3.listObjectVersions(request -> {
                request.bucket(bucket).prefix(prefix);
                properties.payer().ifPresent(request::requestPayer);
                if (!fromKey.isEmpty()) {
                    request.keyMarker(fromKey);
                }
                if (!fromId.isEmpty()) {
                    request.versionIdMarker(fromId);
                }
            }));
            for (ObjectVersion version : page.versions()) {
                if ("null".equals(version.versionId())) {
                    throw new IOException(
                            "bucket \"" + bucket + "\" has kept no versions of \"" + version.key() + "\"");
                }
                note(
                        newest,
                        version.key(),
                        new Newest(
                                version.lastModified(), Optional.of(new Version(version.versionId(), version.size()))));
            }
            for (DeleteMarkerEntry marker : page.deleteMarkers()) {
                note(newest, marker.key(), new Newest(marker.lastModified(), Optional.empty()));
            }
            more = Boolean.TRUE.equals(page.isTruncated());
            keyMarker = Optional.ofNullable(page.nextKeyMarker()).orElse("");
            idMarker = Optional.ofNullable(page.nextVersionIdMarker()).orElse("");
        }
        Map<String, Version> there = new TreeMap<>();
        newest.forEach((key, found) -> found.version().ifPresent(version -> there.put(key, version)));
        return there;
    }

    private void note(Map<String, Newest> newest, String key, Newest found) {
        if (found.time().isAfter(instant)) {
            return;
        }
        Newest before = newest.get(key);
        // Of one second the version counts, and not the mark that it was deleted.
        if (before == null
                || found.time().isAfter(before.time())
                || (found.time().equals(before.time()) && before.version().isEmpty())) {
            newest.put(key, found);
        }
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
        if (version.isEmpty()) {
            return false;
        }
        long last = offset + target.remaining() - 1;
        if (last >= version.get().size()) {
            throw new EOFException("the object ends before byte " + (last + 1));
        }
        try (ResponseInputStream<GetObjectResponse> stream = s3.getObject(
                request -> {
                    request.bucket(bucket)
                            .key(key)
                            .versionId(version.get().id())
                            .range("bytes=" + offset + "-" + last);
                    properties.on(request);
                },
                ResponseTransformer.toInputStream())) {
            StreamBytes.fill(stream, target);
            return true;
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return false;
            }
            throw S3Answer.fault(e);
        }
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

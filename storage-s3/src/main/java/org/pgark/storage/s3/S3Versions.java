package org.pgark.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.bucket.StreamBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;

/** The calls on versions of a bucket's objects. */
final class S3Versions {
    private static final String NONE = "null";
    private static final int FORBIDDEN = 403;

    private final S3Client s3;
    private final String bucket;
    private final S3ObjectProperties properties;

    S3Versions(S3Client s3, String bucket, S3ObjectProperties properties) {
        this.s3 = s3;
        this.bucket = bucket;
        this.properties = properties;
    }

    /**
     * A version of an object, or the mark that it was deleted.
     *
     * @param key of the object
     * @param id of the version
     * @param time when it was made, by the service's clock
     * @param size its bytes, -1 for a mark
     * @param current whether it is what a read without a version gives
     */
    record Version(String key, String id, Instant time, long size, boolean current) {
        boolean isMark() {
            return size < 0;
        }
    }

    /**
     * All versions of the keys that begin with a prefix, key by key in ascending order; in what order those of a key come is
     * not said.
     *
     * @param delimited whether keys that go on with a slash are left out
     * @return the names of folders that were left out
     */
    SortedSet<String> list(String prefix, boolean delimited, Consumer<Version> taker) throws IOException {
        SortedSet<String> folders = new TreeSet<>();
        String keyMarker = "";
        String idMarker = "";
        boolean more = true;
        while (more) {
            ListObjectVersionsResponse page = page(prefix, delimited, keyMarker, idMarker);
            for (Version version : versions(page)) {
                if (version.id().equals(NONE)) {
                    throw new IOException(
                            "bucket \"" + bucket + "\" has kept no versions of \"" + version.key() + "\"");
                }
                taker.accept(version);
            }
            page.commonPrefixes()
                    .forEach(common -> folders.add(common.prefix()
                            .substring(prefix.length(), common.prefix().length() - 1)));
            more = Boolean.TRUE.equals(page.isTruncated());
            keyMarker = Optional.ofNullable(page.nextKeyMarker()).orElse("");
            idMarker = Optional.ofNullable(page.nextVersionIdMarker()).orElse("");
        }
        return folders;
    }

    private ListObjectVersionsResponse page(String prefix, boolean delimited, String fromKey, String fromId)
            throws IOException {
        return S3Answer.of(() -> s3.listObjectVersions(request -> {
            request.bucket(bucket).prefix(prefix);
            properties.payer().ifPresent(request::requestPayer);
            if (delimited) {
                request.delimiter("/");
            }
            if (!fromKey.isEmpty()) {
                request.keyMarker(fromKey);
            }
            if (!fromId.isEmpty()) {
                request.versionIdMarker(fromId);
            }
        }));
    }

    /** The service tells marks apart from versions, and both in the order of keys. */
    private static List<Version> versions(ListObjectVersionsResponse page) {
        return Stream.concat(
                        page.versions().stream()
                                .map(one -> new Version(
                                        one.key(),
                                        one.versionId(),
                                        one.lastModified(),
                                        one.size(),
                                        Boolean.TRUE.equals(one.isLatest()))),
                        page.deleteMarkers().stream()
                                .map(one -> new Version(
                                        one.key(),
                                        one.versionId(),
                                        one.lastModified(),
                                        -1,
                                        Boolean.TRUE.equals(one.isLatest()))))
                .sorted(Comparator.comparing(Version::key))
                .toList();
    }

    /** Reads bytes of a version; returns false if it is gone. */
    boolean read(Version version, long offset, ByteBuffer target) throws IOException {
        long last = offset + target.remaining() - 1;
        if (last >= version.size()) {
            throw new EOFException("the object ends before byte " + (last + 1));
        }
        try (ResponseInputStream<GetObjectResponse> stream = s3.getObject(
                request -> {
                    request.bucket(bucket)
                            .key(version.key())
                            .versionId(version.id())
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

    /** Until when a version is locked; empty if it is not, or not any more, or gone. */
    Optional<Instant> lockedUntil(Version version) throws IOException {
        try {
            HeadObjectResponse answer = s3.headObject(request -> {
                request.bucket(bucket).key(version.key()).versionId(version.id());
                properties.on(request);
            });
            return Optional.ofNullable(answer.objectLockRetainUntilDate()).filter(end -> end.isAfter(now(answer)));
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return Optional.empty();
            }
            throw S3Answer.fault(e);
        }
    }

    /** By the service's clock, since that decides. */
    private static Instant now(HeadObjectResponse answer) {
        return answer.sdkHttpResponse()
                .firstMatchingHeader("Date")
                .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                .orElseGet(Instant::now);
    }

    void lock(Version version, ObjectLock lock) throws IOException {
        S3Answer.of(() -> s3.putObjectRetention(request -> {
            request.bucket(bucket)
                    .key(version.key())
                    .versionId(version.id())
                    .retention(retention ->
                            retention.mode(mode(lock).toString()).retainUntilDate(lock.until(Instant.now())));
            properties.payer().ifPresent(request::requestPayer);
        }));
    }

    static ObjectLockMode mode(ObjectLock lock) {
        return switch (lock.mode()) {
            case GOVERNANCE -> ObjectLockMode.GOVERNANCE;
            case COMPLIANCE -> ObjectLockMode.COMPLIANCE;
        };
    }

    /** Removes a version for good; returns false if that is not allowed. */
    boolean remove(Version version) throws IOException {
        try {
            s3.deleteObject(request -> {
                request.bucket(bucket).key(version.key()).versionId(version.id());
                properties.payer().ifPresent(request::requestPayer);
            });
            return true;
        } catch (SdkException e) {
            if (S3Answer.status(e) == FORBIDDEN) {
                return false;
            }
            throw S3Answer.fault(e);
        }
    }
}

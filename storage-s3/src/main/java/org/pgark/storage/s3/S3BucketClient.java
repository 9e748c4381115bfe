package org.pgark.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ContentRange;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;
import org.pgark.storage.bucket.StreamBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The calls on one S3 bucket. */
final class S3BucketClient implements BucketClient {
    private static final int MOST_KEYS_IN_PAGE = 1000;

    private final S3Client s3;
    private final String bucket;
    private final S3ObjectProperties properties;
    private final int keysInPage;
    private final boolean conditional;
    private final S3Deletion deletion;

    S3BucketClient(S3Client s3, String bucket, S3ObjectProperties properties) {
        this(s3, bucket, properties, MOST_KEYS_IN_PAGE);
    }

    S3BucketClient(S3Client s3, String bucket, S3ObjectProperties properties, int keysInPage) {
        this(s3, bucket, properties, keysInPage, true);
    }

    private S3BucketClient(
            S3Client s3, String bucket, S3ObjectProperties properties, int keysInPage, boolean conditional) {
        this.deletion = new S3Deletion(s3, bucket, properties);
        this.conditional = conditional;
        this.keysInPage = keysInPage;
        this.s3 = s3;
        this.bucket = bucket;
        this.properties = properties;
    }

    @Override
    public Set<StoreFeature> features() {
        return Set.of(StoreFeature.CONDITIONAL_CREATE, StoreFeature.DURABLE_COMMIT);
    }

    @Override
    public BucketClient unconditional() {
        return new S3BucketClient(s3, bucket, properties, keysInPage, false);
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        String writer = UUID.randomUUID().toString();
        return ConditionalCreation.make(
                () -> s3.putObject(
                        request -> {
                            request.bucket(bucket)
                                    .key(key)
                                    .metadata(Map.of(S3ObjectProperties.WRITER, writer))
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                                    .checksumCRC32C(Crc32cHeader.of(content));
                            if (conditional) {
                                request.ifNoneMatch("*");
                            }
                            properties.on(request, key);
                        },
                        S3PartUpload.body(content)),
                () -> holder(key, writer));
    }

    @Override
    public PartUpload upload(String key) throws IOException {
        String writer = UUID.randomUUID().toString();
        String id = S3Answer.of(() -> s3.createMultipartUpload(request -> {
                    request.bucket(bucket)
                            .key(key)
                            .metadata(Map.of(S3ObjectProperties.WRITER, writer))
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
                    properties.on(request, key);
                })
                .uploadId());
        return new S3PartUpload(s3, bucket, key, id, properties, () -> holder(key, writer), conditional);
    }

    private ObjectHolder holder(String key, String writer) throws IOException {
        try {
            return writer.equals(s3.headObject(request -> {
                                request.bucket(bucket).key(key);
                                properties.on(request);
                            })
                            .metadata()
                            .get(S3ObjectProperties.WRITER))
                    ? ObjectHolder.OURS
                    : ObjectHolder.ANOTHERS;
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return ObjectHolder.NOBODYS;
            }
            throw S3Answer.fault(e);
        }
    }

    @Override
    public long size(String key) throws IOException {
        try {
            return s3.headObject(request -> {
                        request.bucket(bucket).key(key);
                        properties.on(request);
                    })
                    .contentLength();
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return -1;
            }
            throw S3Answer.fault(e);
        }
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        long last = offset + target.remaining() - 1;
        try (ResponseInputStream<GetObjectResponse> stream = s3.getObject(
                request -> {
                    request.bucket(bucket).key(key).range("bytes=" + offset + "-" + last);
                    properties.on(request);
                },
                ResponseTransformer.toInputStream())) {
            if (stream.response().contentLength() < target.remaining()) {
                stream.abort();
                throw new EOFException("the object ends before byte " + (last + 1));
            }
            StreamBytes.fill(stream, target);
            return true;
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return false;
            }
            if (S3Answer.status(e) == S3Answer.RANGE_NOT_SATISFIABLE) {
                throw (EOFException) new EOFException("the object ends before byte " + (last + 1)).initCause(e);
            }
            throw S3Answer.fault(e);
        }
    }

    @Override
    public long readStart(String key, ByteBuffer target) throws IOException {
        try (ResponseInputStream<GetObjectResponse> stream = s3.getObject(
                request -> {
                    request.bucket(bucket).key(key).range("bytes=0-" + (target.remaining() - 1));
                    properties.on(request);
                },
                ResponseTransformer.toInputStream())) {
            long size = ContentRange.size(stream.response().contentRange())
                    .orElse(stream.response().contentLength());
            target.limit((int) Math.min(target.limit(), target.position() + size));
            StreamBytes.begin(stream, target);
            return size;
        } catch (SdkException e) {
            if (S3Answer.isNoSuchKey(e)) {
                return -1;
            }
            if (S3Answer.status(e) == S3Answer.RANGE_NOT_SATISFIABLE) {
                // An object of no bytes has no range.
                return size(key);
            }
            throw S3Answer.fault(e);
        }
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        ListObjectsV2Response page = S3Answer.of(() -> s3.listObjectsV2(request -> {
            request.bucket(bucket).prefix(prefix).maxKeys(keysInPage);
            properties.payer().ifPresent(request::requestPayer);
            if (delimited) {
                request.delimiter("/");
            }
            if (!from.isEmpty()) {
                request.continuationToken(from);
            }
        }));
        List<ListedKey> objects = page.contents().stream()
                .map(object -> new ListedKey(object.key(), object.size()))
                .toList();
        List<String> folders = page.commonPrefixes().stream()
                .map(common -> common.prefix()
                        .substring(prefix.length(), common.prefix().length() - 1))
                .toList();
        String next = Optional.ofNullable(page.nextContinuationToken()).orElse("");
        return new ListPage(objects, folders, Boolean.TRUE.equals(page.isTruncated()) ? next : "");
    }

    @Override
    public void delete(String key) throws IOException {
        S3Answer.of(() -> s3.deleteObject(request -> {
            request.bucket(bucket).key(key);
            properties.payer().ifPresent(request::requestPayer);
        }));
    }

    @Override
    public Collection<String> deleteAll(List<String> keys) throws IOException {
        return deletion.leftOf(keys);
    }

    @Override
    public void abortUploads(String prefix, Duration olderThan) throws IOException {
        Instant limit = Instant.now().minus(olderThan);
        String keyMarker = "";
        String idMarker = "";
        boolean more = true;
        while (more) {
            String fromKey = keyMarker;
            String fromId = idMarker;
            ListMultipartUploadsResponse page;
            try {
                page = s3.listMultipartUploads(request -> {
                    request.bucket(bucket).prefix(prefix);
                    if (!fromKey.isEmpty()) {
                        request.keyMarker(fromKey).uploadIdMarker(fromId);
                    }
                });
            } catch (SdkException e) {
                if (S3Answer.isUnknownCall(e)) {
                    return;
                }
                throw S3Answer.fault(e);
            }
            for (MultipartUpload upload : page.uploads()) {
                if (upload.initiated() != null && upload.initiated().isBefore(limit)) {
                    new S3PartUpload(
                                    s3,
                                    bucket,
                                    upload.key(),
                                    upload.uploadId(),
                                    properties,
                                    () -> ObjectHolder.NOBODYS,
                                    conditional)
                            .abort();
                }
            }
            more = Boolean.TRUE.equals(page.isTruncated());
            keyMarker = Optional.ofNullable(page.nextKeyMarker()).orElse("");
            idMarker = Optional.ofNullable(page.nextUploadIdMarker()).orElse("");
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}

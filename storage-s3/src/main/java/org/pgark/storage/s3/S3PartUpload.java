package org.pgark.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A multipart upload. */
final class S3PartUpload implements PartUpload {
    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final String id;
    private final S3ObjectProperties properties;
    private final ObjectHolder.Look look;
    private final boolean conditional;
    private final ConcurrentMap<Integer, CompletedPart> sent = new ConcurrentHashMap<>();

    S3PartUpload(
            S3Client s3,
            String bucket,
            String key,
            String id,
            S3ObjectProperties properties,
            ObjectHolder.Look look,
            boolean conditional) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.id = id;
        this.properties = properties;
        this.look = look;
        this.conditional = conditional;
    }

    /** A body that can be sent again without a copy. */
    static RequestBody body(PartBytes content) {
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(content.array(), 0, content.length()),
                content.length(),
                "application/octet-stream");
    }

    @Override
    public void send(int number, PartBytes content) throws IOException {
        String checksum = Crc32cHeader.of(content);
        String tag = S3Answer.of(() -> s3.uploadPart(
                        request -> {
                            request.bucket(bucket)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(number)
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                                    .checksumCRC32C(checksum);
                            properties.on(request);
                        },
                        body(content))
                .eTag());
        sent.put(
                number,
                CompletedPart.builder()
                        .partNumber(number)
                        .eTag(tag)
                        .checksumCRC32C(checksum)
                        .build());
    }

    @Override
    public boolean complete(int parts) throws IOException {
        if (sent.size() != parts) {
            throw new IllegalStateException(sent.size() + " of " + parts + " parts were sent");
        }
        List<CompletedPart> inOrder = sent.values().stream()
                .sorted(Comparator.comparing(CompletedPart::partNumber))
                .toList();
        // Some services know the condition of whole objects only, and would replace what has the key.
        if (conditional && look.holder() == ObjectHolder.ANOTHERS) {
            return false;
        }
        return new S3Completion(look, conditional)
                .make(() -> s3.completeMultipartUpload(request -> {
                    request.bucket(bucket).key(key).uploadId(id).multipartUpload(completed -> completed.parts(inOrder));
                    if (conditional) {
                        request.ifNoneMatch("*");
                    }
                    properties.on(request);
                }));
    }

    @Override
    public void abort() throws IOException {
        try {
            s3.abortMultipartUpload(request -> {
                request.bucket(bucket).key(key).uploadId(id);
                properties.payer().ifPresent(request::requestPayer);
            });
        } catch (SdkException e) {
            if (!S3Answer.isNoSuchKey(e)) {
                throw S3Answer.fault(e);
            }
        }
    }
}

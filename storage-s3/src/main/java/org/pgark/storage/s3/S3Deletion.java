package org.pgark.storage.s3;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pgark.storage.Throttling;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes many objects in one request, which not every service knows. */
final class S3Deletion {
    private static final int FORBIDDEN = 403;

    private final S3Client s3;
    private final String bucket;
    private final S3ObjectProperties properties;
    private volatile boolean unknown;

    S3Deletion(S3Client s3, String bucket, S3ObjectProperties properties) {
        this.s3 = s3;
        this.bucket = bucket;
        this.properties = properties;
    }

    /** Deletes objects; returns the keys of those of which the service does not say that they are deleted. */
    Collection<String> leftOf(List<String> keys) throws IOException {
        if (unknown) {
            return keys;
        }
        try {
            return left(keys, delete(keys));
        } catch (SdkException e) {
            int status = S3Answer.status(e);
            boolean refused = status == S3Answer.NOT_IMPLEMENTED || (status / 100 == 4 && !Throttling.isSaidBy(status));
            if (!refused) {
                throw S3Answer.fault(e);
            }
            unknown = status != FORBIDDEN;
            return keys;
        }
    }

    private DeleteObjectsResponse delete(List<String> keys) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        return s3.deleteObjects(request -> {
            request.bucket(bucket).delete(deleted -> deleted.objects(objects));
            properties.payer().ifPresent(request::requestPayer);
        });
    }

    private static List<String> left(List<String> keys, DeleteObjectsResponse answer) {
        Set<String> deleted = new HashSet<>();
        answer.deleted().stream().map(DeletedObject::key).forEach(deleted::add);
        answer.errors().stream().map(S3Error::key).forEach(deleted::remove);
        return keys.stream().filter(key -> !deleted.contains(key)).toList();
    }
}

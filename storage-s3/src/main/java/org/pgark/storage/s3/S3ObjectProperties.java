package org.pgark.storage.s3;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * What requests about objects say besides their names and bytes.
 *
 * @param encryption name of the service's own encryption
 * @param kmsKey the key for it
 * @param customerKey a key that the service does not keep
 * @param packClass storage class of packs
 * @param walClass storage class of WAL
 * @param tags tags of each object
 * @param lock keeps objects from being removed
 * @param requesterPays whether the requester pays
 */
record S3ObjectProperties(
        Optional<String> encryption,
        Optional<String> kmsKey,
        Optional<CustomerKey> customerKey,
        Optional<String> packClass,
        Optional<String> walClass,
        Optional<ObjectTags> tags,
        Optional<ObjectLock> lock,
        boolean requesterPays) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark-writer";

    static S3ObjectProperties of(StoreSettings settings) throws IOException {
        Optional<String> key = settings.find(StoreOption.KMS_KEY_ID);
        Optional<String> encryption =
                settings.find(StoreOption.SERVER_SIDE_ENCRYPTION).or(() -> key.map(_ -> "aws:kms"));
        Optional<CustomerKey> customerKey =
                settings.fileContent(StoreOption.CUSTOMER_KEY_FILE).map(CustomerKey::parse);
        if (customerKey.isPresent() && encryption.isPresent()) {
            throw new IllegalArgumentException("\"customer-key-file\" is set, so that \"server-side-encryption\" and"
                    + " \"kms-key-id\" must not be");
        }
        Optional<String> packClass = settings.find(StoreOption.STORAGE_CLASS);
        return new S3ObjectProperties(
                encryption,
                key,
                customerKey,
                packClass,
                settings.find(StoreOption.WAL_STORAGE_CLASS).or(() -> packClass),
                settings.find(StoreOption.TAGS).map(ObjectTags::parse),
                ObjectLock.of(settings),
                settings.isOn(StoreOption.REQUESTER_PAYS));
    }

    /** The log is small, read often and never worth a slower class. */
    private Optional<String> storageClass(String key) {
        return key.contains("/packs/") ? packClass : key.contains("/wal/") ? walClass : Optional.empty();
    }

    Optional<RequestPayer> payer() {
        return requesterPays ? Optional.of(RequestPayer.REQUESTER) : Optional.empty();
    }

    void on(PutObjectRequest.Builder request, String key) {
        encryption.ifPresent(request::serverSideEncryption);
        kmsKey.ifPresent(request::ssekmsKeyId);
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        storageClass(key).ifPresent(request::storageClass);
        tags.ifPresent(all -> request.tagging(all.header()));
        lock.filter(kept -> kept.covers(key))
                .ifPresent(kept -> request.objectLockMode(S3Versions.mode(kept))
                        .objectLockRetainUntilDate(kept.until(Instant.now())));
        payer().ifPresent(request::requestPayer);
    }

    void on(CreateMultipartUploadRequest.Builder request, String key) {
        encryption.ifPresent(request::serverSideEncryption);
        kmsKey.ifPresent(request::ssekmsKeyId);
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        storageClass(key).ifPresent(request::storageClass);
        tags.ifPresent(all -> request.tagging(all.header()));
        lock.filter(kept -> kept.covers(key))
                .ifPresent(kept -> request.objectLockMode(S3Versions.mode(kept))
                        .objectLockRetainUntilDate(kept.until(Instant.now())));
        payer().ifPresent(request::requestPayer);
    }

    void on(UploadPartRequest.Builder request) {
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        payer().ifPresent(request::requestPayer);
    }

    void on(CompleteMultipartUploadRequest.Builder request) {
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        payer().ifPresent(request::requestPayer);
    }

    void on(HeadObjectRequest.Builder request) {
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        payer().ifPresent(request::requestPayer);
    }

    void on(GetObjectRequest.Builder request) {
        customerKey.ifPresent(own -> request.sseCustomerAlgorithm(CustomerKey.ALGORITHM)
                .sseCustomerKey(own.key())
                .sseCustomerKeyMD5(own.md5()));
        payer().ifPresent(request::requestPayer);
    }
}

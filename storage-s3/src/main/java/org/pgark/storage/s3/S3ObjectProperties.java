package org.pgark.storage.s3;

import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/**
 * What every new object gets besides its bytes.
 *
 * @param encryption name of the service's own encryption
 * @param kmsKey the key for it
 * @param storageClass class of packs and WAL
 * @param requesterPays whether the requester pays
 */
record S3ObjectProperties(
        Optional<String> encryption, Optional<String> kmsKey, Optional<String> storageClass, boolean requesterPays) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark-writer";

    static S3ObjectProperties of(StoreSettings settings) {
        Optional<String> key = settings.find(StoreOption.KMS_KEY_ID);
        Optional<String> encryption =
                settings.find(StoreOption.SERVER_SIDE_ENCRYPTION).or(() -> key.map(_ -> "aws:kms"));
        return new S3ObjectProperties(
                encryption, key, settings.find(StoreOption.STORAGE_CLASS), settings.isOn(StoreOption.REQUESTER_PAYS));
    }

    /** The log is small, read often and never worth a slower class. */
    private Optional<String> storageClass(String key) {
        return key.contains("/packs/") || key.contains("/wal/") ? storageClass : Optional.empty();
    }

    Optional<RequestPayer> payer() {
        return requesterPays ? Optional.of(RequestPayer.REQUESTER) : Optional.empty();
    }

    void on(PutObjectRequest.Builder request, String key) {
        encryption.ifPresent(request::serverSideEncryption);
        kmsKey.ifPresent(request::ssekmsKeyId);
        storageClass(key).ifPresent(request::storageClass);
        payer().ifPresent(request::requestPayer);
    }

    void on(CreateMultipartUploadRequest.Builder request, String key) {
        encryption.ifPresent(request::serverSideEncryption);
        kmsKey.ifPresent(request::ssekmsKeyId);
        storageClass(key).ifPresent(request::storageClass);
        payer().ifPresent(request::requestPayer);
    }
}

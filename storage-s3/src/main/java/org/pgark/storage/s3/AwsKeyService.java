package org.pgark.storage.s3;

import java.io.IOException;
import java.util.Map;
import org.pgark.storage.KeyService;
import org.pgark.storage.StoreSettings;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** A key of AWS KMS. The client is made for each call: a process needs one or two of them in its life. */
final class AwsKeyService implements KeyService {
    private final String arn;
    private final String region;
    private final StoreSettings settings;

    AwsKeyService(String arn, String region, StoreSettings settings) {
        this.arn = arn;
        this.region = region;
        this.settings = settings;
    }

    @Override
    public byte[] wrap(byte[] secret, Map<String, String> context) throws IOException {
        try (KmsClient kms = client()) {
            return S3Answer.of(() -> kms.encrypt(request -> request.keyId(arn)
                            .plaintext(SdkBytes.fromByteArray(secret))
                            .encryptionContext(context))
                    .ciphertextBlob()
                    .asByteArray());
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, Map<String, String> context) throws IOException {
        try (KmsClient kms = client()) {
            return S3Answer.of(() -> kms.decrypt(request -> request.keyId(arn)
                            .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context))
                    .plaintext()
                    .asByteArray());
        }
    }

    private KmsClient client() throws IOException {
        return KmsClient.builder()
                .httpClient(S3Clients.http(settings))
                .region(Region.of(region))
                .credentialsProvider(S3Clients.credentials(settings))
                .overrideConfiguration(S3Clients::retrying)
                .build();
    }
}

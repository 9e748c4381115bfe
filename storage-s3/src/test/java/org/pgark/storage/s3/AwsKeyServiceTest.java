package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServices;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** Keys of AWS KMS, over the wire to a service of this process. */
class AwsKeyServiceTest {
    private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/0b9c";
    private static final byte[] SECRET = "a secret of 32 bytes in plaintext".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("pgark-repository", "1", "pgark-recipient", "operator");

    @TempDir
    private Path folder;

    private AwsKmsStandIn service;

    @BeforeEach
    void start() throws IOException {
        service = AwsKmsStandIn.start(KEY);
        System.setProperty("aws.endpointUrlKms", service.endpoint());
    }

    @AfterEach
    void stop() {
        System.clearProperty("aws.endpointUrlKms");
        service.close();
    }

    private KeyService key(String uri) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "wJalrXUt\n");
        return KeyServices.open(
                uri,
                new StoreSettings(Map.of(
                        StoreOption.ACCESS_KEY_ID, "AKIATEST", StoreOption.SECRET_ACCESS_KEY_FILE, secret.toString())));
    }

    @Test
    void unwrapsWhatItWrappedInTheSameContextOnly() throws IOException {
        KeyService key = key("aws-kms://" + KEY);
        byte[] wrapped = key.wrap(SECRET, CONTEXT);
        assertThat(new String(wrapped, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(SECRET, StandardCharsets.ISO_8859_1));
        assertThat(key("aws-kms://" + KEY).unwrap(wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThatThrownBy(() -> key.unwrap(wrapped, Map.of("pgark-repository", "2", "pgark-recipient", "operator")))
                .isInstanceOf(IOException.class)
                .hasMessage("the ciphertext or the context is wrong (InvalidCiphertextException, status 400)");
        wrapped[wrapped.length - 1] ^= 1;
        assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT)).hasMessageContaining("InvalidCiphertextException");
        assertThat(service.signedFor()).containsOnly("AKIATEST eu-central-1 kms");
    }

    @Test
    void asksAgainWhenTheServiceStumbles() throws IOException {
        service.stumble(2);
        assertThat(key("aws-kms://" + KEY).wrap(SECRET, CONTEXT)).isNotEmpty();
    }

    @Test
    void saysWhatTheServiceRefuses() {
        assertThatThrownBy(() -> key("aws-kms://arn:aws:kms:eu-central-1:111122223333:alias/other")
                        .wrap(SECRET, CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no such key (NotFoundException, status 400)");
    }

    @Test
    void refusesWhatNamesNoKey() {
        for (String uri : new String[] {
            "aws-kms://alias/pgark", "aws-kms://arn:aws:s3:eu-central-1:111122223333:key/1", "aws-kms://"
        }) {
            assertThatThrownBy(() -> key(uri))
                    .isInstanceOf(IOException.class)
                    .hasMessage("invalid key \"" + uri
                            + "\", must be like \"aws-kms://arn:aws:kms:eu-central-1:111122223333:key/...\"");
        }
        assertThatThrownBy(() -> key("vault://x"))
                .hasMessage("this installation cannot reach \"vault://x\": it has no part for \"vault:\"");
    }
}

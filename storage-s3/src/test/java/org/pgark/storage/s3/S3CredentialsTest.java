package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.TlsFront;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Where keys come from that no setting names, and whom TLS trusts, over the wire to a service of this process. */
class S3CredentialsTest {
    @TempDir
    private Path folder;

    private final List<String> properties = new CopyOnWriteArrayList<>();
    private S3StandIn service;

    @BeforeEach
    void start() throws IOException {
        service = S3StandIn.start();
    }

    @AfterEach
    void stop() {
        service.close();
        properties.forEach(System::clearProperty);
    }

    /** What the SDK reads from the environment can stand in properties, too. */
    private void set(String property, String value) {
        properties.add(property);
        System.setProperty(property, value);
    }

    private ObjectStore open(Map<StoreOption, String> more) throws IOException {
        Map<StoreOption, String> values = new HashMap<>(Map.of(
                StoreOption.ENDPOINT, service.endpoint(),
                StoreOption.PATH_STYLE, "true",
                StoreOption.REGION, "eu-central-1"));
        values.putAll(more);
        return ObjectStores.open(RepositoryUrl.parse("s3://bucket/x"), new StoreSettings(values));
    }

    /** The request that creates an object. */
    private S3StandIn.Request put(Map<StoreOption, String> more) throws IOException {
        try (ObjectStore store = open(more);
                ObjectWriter writer = store.create(new ObjectName("a"))) {
            writer.write(ByteBuffer.allocate(10));
            writer.commit();
        }
        return service.requests().getLast();
    }

    private Map<StoreOption, String> key() throws IOException {
        return Map.of(
                StoreOption.ACCESS_KEY_ID,
                "AKIATEST",
                StoreOption.SECRET_ACCESS_KEY_FILE,
                Files.writeString(folder.resolve("secret"), "s\n").toString());
    }

    @Test
    void aContainersRoleIsAskedForItsKey() throws IOException {
        set("aws.containerCredentialsFullUri", service.endpoint() + "/credentials");
        S3StandIn.Request request = put(Map.of());
        assertThat(request.header("authorization").orElseThrow()).contains("Credential=AKIACONTAINER/");
        assertThat(request.header("x-amz-security-token")).hasValue("of-the-container");
    }

    @Test
    void aSecretIsReadAgainWhenItsFileHasChanged() throws IOException {
        Path file = Files.writeString(folder.resolve("renewed"), "first\n");
        AwsCredentialsProvider credentials = S3Clients.credentials(new StoreSettings(
                Map.of(StoreOption.ACCESS_KEY_ID, "AKIATEST", StoreOption.SECRET_ACCESS_KEY_FILE, file.toString())));
        assertThat(credentials.resolveCredentials().secretAccessKey()).isEqualTo("first");
        Files.writeString(file, "the second\n");
        assertThat(credentials.resolveCredentials().secretAccessKey()).isEqualTo("the second");
        Files.delete(file);
        assertThat(credentials.resolveCredentials().secretAccessKey()).isEqualTo("the second");
    }

    @Test
    void whatIsSentHasItsChecksum() throws IOException {
        assertThat(put(key()).header("x-amz-checksum-crc32c")).hasValue("493waw==");
    }

    @Test
    void theServicesCertificateMustGoBackToThoseOfTheFile() throws IOException {
        try (TlsFront front =
                TlsFront.start(folder, java.net.URI.create(service.endpoint()).getPort())) {
            Map<StoreOption, String> values = new HashMap<>(key());
            values.put(StoreOption.ENDPOINT, front.endpoint());
            assertThatThrownBy(() -> put(values))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unable to find valid certification path");
            assertThat(service.requests()).isEmpty();
            values.put(StoreOption.CA_FILE, front.certificate().toString());
            assertThat(put(values).call()).isEqualTo("PUT");
        }
    }
}

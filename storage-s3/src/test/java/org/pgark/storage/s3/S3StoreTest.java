package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStoreContract;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketStore;
import org.pgark.testkit.S3Proxy;

class S3StoreTest extends ObjectStoreContract {
    private static final int PART_MIB = 5;

    @TempDir
    private static Path folder;

    private static S3Proxy service;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        service = S3Proxy.start(folder, "bucket");
        Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        Files.writeString(folder.resolve("wrong"), "wrong\n");
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    static StoreSettings settings(Map<StoreOption, String> more) {
        Map<StoreOption, String> values = new HashMap<>(Map.of(
                StoreOption.ENDPOINT, service.endpoint(),
                StoreOption.PATH_STYLE, "true",
                StoreOption.ACCESS_KEY_ID, S3Proxy.ACCESS_KEY,
                StoreOption.SECRET_ACCESS_KEY_FILE, folder.resolve("secret").toString(),
                StoreOption.PART_SIZE, Integer.toString(PART_MIB << 20)));
        values.putAll(more);
        return new StoreSettings(values);
    }

    static ObjectStore open(String bucket, Map<StoreOption, String> more) throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("s3://" + bucket + "/some/prefix-" + PREFIXES.incrementAndGet()), settings(more));
    }

    @Override
    protected ObjectStore open() throws IOException {
        return open("bucket", Map.of());
    }

    @Test
    void sendsLargeObjectsInParts() throws IOException {
        byte[] bytes = new byte[(PART_MIB << 20) * 2 + 12_345];
        new Random(1).nextBytes(bytes);
        try (ObjectStore store = open()) {
            ObjectName name = new ObjectName("large");
            try (ObjectWriter writer = store.create(name)) {
                for (int at = 0; at < bytes.length; at += 99_999) {
                    writer.write(ByteBuffer.wrap(bytes, at, Math.min(99_999, bytes.length - at)));
                }
                assertThat(store.size(name)).isEmpty();
                writer.commit();
            }
            ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
            store.read(name, 0, back);
            assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void givesUpPartsThatAKilledWriterLeft() throws IOException {
        try (ObjectStore store = open()) {
            ObjectWriter left = store.create(new ObjectName("left"));
            left.write(ByteBuffer.wrap(new byte[(PART_MIB << 20) + 1]));
            store.removeLeftovers(Duration.ofMinutes(-1));
            assertThatThrownBy(left::commit).isInstanceOf(IOException.class);
            assertThat(store.size(new ObjectName("left"))).isEmpty();
        }
    }

    @Test
    void listsPageByPage() throws IOException {
        StoreSettings settings = settings(Map.of());
        S3BucketClient pagesOfThree =
                new S3BucketClient(S3Clients.open(settings), "bucket", S3ObjectProperties.of(settings), 3);
        try (ObjectStore store = new BucketStore(pagesOfThree, "s3://bucket/pages", "pages", settings)) {
            for (int i = 0; i < 10; i++) {
                try (ObjectWriter writer = store.create(new ObjectName("many/folder-" + i + "/object"))) {
                    writer.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
                    writer.commit();
                }
            }
            assertThat(store.list(new ObjectName("many"))).hasSize(10);
            assertThat(store.folders(new ObjectName("many"))).hasSize(10);
        }
    }

    @Test
    void saysWhatTheServiceRefused() throws IOException {
        try (ObjectStore store = open(
                "bucket",
                Map.of(
                        StoreOption.SECRET_ACCESS_KEY_FILE,
                        folder.resolve("wrong").toString()))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot list object \"a\" in " + store.description())
                    .hasMessageContaining("SignatureDoesNotMatch");
        }
    }

    @Test
    void aBucketThatIsNotThereIsNoAbsence() throws IOException {
        try (ObjectStore store = open("nowhere", Map.of())) {
            assertThatThrownBy(() -> store.read(new ObjectName("a"), 0, ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("NoSuchBucket");
        }
    }

    @Test
    void aServiceThatIsNotThereIsToldSoon() throws IOException {
        try (ObjectStore store = open("bucket", Map.of(StoreOption.ENDPOINT, "http://127.0.0.1:1"))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot list object \"a\" in " + store.description()
                            + ": the service cannot be reached: Connection refused")
                    .hasStackTraceContaining("(SDK Attempt Count: 2)");
        }
    }

    @Test
    void keysComeInPairs() {
        assertThatThrownBy(() -> ObjectStores.open(
                        RepositoryUrl.parse("s3://bucket/x"),
                        new StoreSettings(Map.of(StoreOption.ACCESS_KEY_ID, "key", StoreOption.REGION, "eu-west-1"))))
                .hasMessage("\"access-key-id\" and \"secret-access-key-file\" must be set together, or neither");
    }
}

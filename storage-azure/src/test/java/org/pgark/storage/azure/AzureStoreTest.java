package org.pgark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStoreContract;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketStore;
import org.pgark.testkit.Azurite;

class AzureStoreTest extends ObjectStoreContract {
    private static final int PART_MIB = 5;

    @TempDir
    private static Path folder;

    private static Azurite service;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        String obstacle = Azurite.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        service = Azurite.start(folder, "container");
        Files.writeString(folder.resolve("key"), Azurite.KEY + "\n");
    }

    @AfterAll
    static void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private static Map<StoreOption, String> values() {
        Map<StoreOption, String> values = new EnumMap<>(StoreOption.class);
        values.put(StoreOption.ENDPOINT, service.endpoint());
        values.put(StoreOption.ACCOUNT_KEY_FILE, folder.resolve("key").toString());
        values.put(StoreOption.PART_SIZE, Integer.toString(PART_MIB << 20));
        return values;
    }

    private static RepositoryUrl url(String container) {
        return RepositoryUrl.parse(
                "azblob://" + Azurite.ACCOUNT + "/" + container + "/some/prefix-" + PREFIXES.incrementAndGet());
    }

    @Override
    protected ObjectStore open() throws IOException {
        return ObjectStores.open(url("container"), new StoreSettings(values()));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void write(ObjectWriter writer, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += 99_999) {
            writer.write(ByteBuffer.wrap(bytes, at, Math.min(99_999, bytes.length - at)));
        }
    }

    @Test
    void sendsLargeObjectsInBlocks() throws IOException {
        byte[] bytes = bytes((PART_MIB << 20) * 2 + 12_345);
        try (ObjectStore store = open()) {
            ObjectName name = new ObjectName("large");
            try (ObjectWriter writer = store.create(name)) {
                write(writer, bytes);
                assertThat(store.size(name)).isEmpty();
                assertThat(store.list(new ObjectName("some"))).isEmpty();
                writer.commit();
            }
            ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
            store.read(name, 0, back);
            assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(bytes));
        }
    }

    @Test
    void ofTwoLargeObjectsOfOneNameOneIsCreated() throws IOException {
        try (ObjectStore store = open()) {
            ObjectName name = new ObjectName("large");
            try (ObjectWriter first = store.create(name);
                    ObjectWriter second = store.create(name)) {
                write(first, bytes((PART_MIB << 20) + 5));
                write(second, bytes((PART_MIB << 20) + 6));
                second.commit();
                assertThatThrownBy(first::commit).isInstanceOf(ObjectExistsException.class);
            }
            byte[] kept = bytes((PART_MIB << 20) + 6);
            ByteBuffer back = ByteBuffer.allocate(kept.length);
            store.read(name, 0, back);
            assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(kept));
        }
    }

    @Test
    void listsPageByPage() throws IOException {
        StoreSettings settings = new StoreSettings(values());
        try (ObjectStore store = new BucketStore(
                AzureStoreProvider.client(url("container"), settings, 3), "azblob://pages", "pages", settings)) {
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
    void aContainerThatIsNotThereIsNoAbsence() throws IOException {
        try (ObjectStore store = ObjectStores.open(url("nowhere"), new StoreSettings(values()))) {
            assertThatThrownBy(() -> store.size(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot look for object \"a\" in " + store.description() + ": ")
                    .hasMessageContaining("ContainerNotFound, status 404");
            assertThatThrownBy(() -> store.list(new ObjectName("a"))).hasMessageContaining("ContainerNotFound");
        }
    }

    @Test
    void saysWhatTheServiceRefused() throws IOException {
        Map<StoreOption, String> values = values();
        Path wrong = Files.writeString(folder.resolve("wrong"), "d3Jvbmc=\n");
        values.put(StoreOption.ACCOUNT_KEY_FILE, wrong.toString());
        try (ObjectStore store = ObjectStores.open(url("container"), new StoreSettings(values))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .hasMessageStartingWith("cannot list object \"a\" in " + store.description() + ": ")
                    .hasMessageEndingWith("(AuthorizationFailure, status 403)")
                    .hasMessageNotContaining("d3Jvbmc=");
        }
    }

    private static Path signature(Path token, String permissions, String expiry) throws IOException {
        String version = "2018-11-09";
        String signed = Azurite.signature(
                String.join("\n", Azurite.ACCOUNT, permissions, "b", "co", "", expiry, "", "https,http", version, ""));
        return Files.writeString(
                token,
                "sv=" + version + "&ss=b&srt=co&sp=" + permissions + "&se=" + expiry + "&spr=https,http&sig="
                        + URLEncoder.encode(signed, StandardCharsets.UTF_8) + "\n");
    }

    @Test
    void aSignatureThatHasExpiredIsReplacedByTheOneInItsFile() throws Exception {
        Instant expiry = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS);
        Path token = signature(folder.resolve("renewed"), "rcwl", expiry.toString());
        Map<StoreOption, String> values = values();
        values.remove(StoreOption.ACCOUNT_KEY_FILE);
        values.put(StoreOption.SAS_TOKEN_FILE, token.toString());
        try (ObjectStore store = ObjectStores.open(url("container"), new StoreSettings(values))) {
            ObjectName name = new ObjectName("large");
            try (ObjectWriter writer = store.create(name)) {
                write(writer, bytes((PART_MIB << 20) + 5));
                Thread.sleep(Duration.between(Instant.now(), expiry).plusSeconds(1));
                assertThatThrownBy(() -> store.size(name)).hasMessageContaining("status 403");
                signature(token, "rcwl", "2099-01-01T00:00:00Z");
                write(writer, bytes(PART_MIB << 20));
                writer.commit();
            }
            assertThat(store.size(name)).hasValue((PART_MIB << 21) + 5);
        }
    }

    @Test
    void aNameThatIsTakenIsTakenForWhoMayNotReplaceToo() throws IOException {
        Path token = Files.writeString(folder.resolve("adds-only"), Azurite.sharedAccess("container", "rcl"));
        Map<StoreOption, String> values = values();
        values.remove(StoreOption.ACCOUNT_KEY_FILE);
        values.put(StoreOption.SAS_TOKEN_FILE, token.toString());
        try (ObjectStore store = ObjectStores.open(url("container"), new StoreSettings(values))) {
            ObjectName name = new ObjectName("taken-by-one-who-adds");
            create(store, name);
            assertThatThrownBy(() -> create(store, name)).isInstanceOf(ObjectExistsException.class);
            assertThatThrownBy(() -> store.delete(name)).hasMessageContaining("status 403");
        }
    }

    private static void create(ObjectStore store, ObjectName name) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(new byte[5]));
            writer.commit();
        }
    }

    @Test
    void takesASignatureOrAConnectionString() throws IOException {
        Path connection = Files.writeString(
                folder.resolve("connection"),
                "DefaultEndpointsProtocol=http;AccountName=" + Azurite.ACCOUNT + ";AccountKey=" + Azurite.KEY
                        + ";BlobEndpoint=" + service.endpoint() + ";\n");
        try (ObjectStore store = ObjectStores.open(
                url("container"),
                new StoreSettings(Map.of(StoreOption.CONNECTION_STRING_FILE, connection.toString())))) {
            assertThat(store.list(new ObjectName("a"))).isEqualTo(List.of());
        }
        Path token = signature(folder.resolve("token"), "rcl", "2099-01-01T00:00:00Z");
        Map<StoreOption, String> values = values();
        values.remove(StoreOption.ACCOUNT_KEY_FILE);
        values.put(StoreOption.SAS_TOKEN_FILE, token.toString());
        try (ObjectStore store = ObjectStores.open(url("container"), new StoreSettings(values))) {
            ObjectName name = new ObjectName("object");
            try (ObjectWriter writer = store.create(name)) {
                writer.write(ByteBuffer.wrap(new byte[5]));
                writer.commit();
            }
            assertThat(store.size(name)).hasValue(5);
            assertThatThrownBy(() -> store.delete(name)).hasMessageContaining("status 403");
            // What is sent in blocks takes the permission to write, which can replace, too.
            try (ObjectWriter writer = store.create(new ObjectName("large"))) {
                assertThatThrownBy(() -> {
                            write(writer, bytes(PART_MIB << 20));
                            write(writer, bytes(PART_MIB << 20));
                            writer.commit();
                        })
                        .hasMessageContaining("AuthorizationPermissionMismatch");
            }
        }
        values.put(StoreOption.ACCOUNT_KEY_FILE, folder.resolve("key").toString());
        assertThatThrownBy(() -> ObjectStores.open(url("container"), new StoreSettings(values)))
                .hasMessage("only one of \"account-key-file\", \"sas-token-file\" and \"connection-string-file\" can be"
                        + " set");
    }

    @Test
    void aServiceThatIsNotThereIsToldSoon() throws IOException {
        Map<StoreOption, String> values = values();
        values.put(StoreOption.ENDPOINT, "http://127.0.0.1:1");
        try (ObjectStore store = ObjectStores.open(url("container"), new StoreSettings(values))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "cannot list object \"a\" in " + store.description() + ": the service cannot be reached");
        }
    }
}

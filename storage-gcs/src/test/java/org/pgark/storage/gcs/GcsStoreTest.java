package org.pgark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
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
import org.pgark.testkit.GcsPermissions;
import org.pgark.testkit.GcsServer;
import org.pgark.testkit.TlsFront;

class GcsStoreTest extends ObjectStoreContract {
    private static final int PART_BYTES = (5 << 20) + 1234;

    @TempDir
    private static Path folder;

    private static GcsServer service;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        service = GcsServer.start("bucket");
        service.writeCredentials(folder.resolve("credentials.json"));
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    private static StoreSettings settings(Map<StoreOption, String> more) {
        Map<StoreOption, String> values = new EnumMap<>(StoreOption.class);
        values.put(StoreOption.ENDPOINT, service.endpoint());
        values.put(
                StoreOption.CREDENTIALS_FILE, folder.resolve("credentials.json").toString());
        values.put(StoreOption.PART_SIZE, Integer.toString(PART_BYTES));
        values.putAll(more);
        return new StoreSettings(values);
    }

    private static ObjectStore open(String bucket, Map<StoreOption, String> more) throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("gs://" + bucket + "/some/prefix-" + PREFIXES.incrementAndGet()), settings(more));
    }

    @Override
    protected ObjectStore open() throws IOException {
        return open("bucket", Map.of());
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

    private static void write(ObjectStore store, ObjectName name, String text) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            write(writer, text.getBytes(StandardCharsets.UTF_8));
            writer.commit();
        }
    }

    @Test
    void aNameThatIsTakenIsTakenForWhoMayNotReplaceToo() throws IOException {
        Path file = folder.resolve("adds-only.json");
        service.writeCredentials(file, "adds-only");
        service.allow(
                "adds-only",
                new GcsPermissions(List.of(new GcsPermissions.Binding(
                        Set.of("storage.objects.create", "storage.objects.get", "storage.objects.list"),
                        List.of(),
                        List.of()))));
        try (ObjectStore store = open("bucket", Map.of(StoreOption.CREDENTIALS_FILE, file.toString()))) {
            for (int length : new int[] {5, 3 * PART_BYTES}) {
                ObjectName name = new ObjectName("object-" + length);
                try (ObjectWriter writer = store.create(name)) {
                    write(writer, bytes(length));
                    writer.commit();
                }
                assertThatThrownBy(() -> {
                            try (ObjectWriter writer = store.create(name)) {
                                write(writer, bytes(length));
                                writer.commit();
                            }
                        })
                        .isInstanceOf(ObjectExistsException.class);
                assertThatThrownBy(() -> store.delete(name)).hasMessageContaining("storage.objects.delete");
            }
        }
    }

    private static String read(ObjectStore store, ObjectName name) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) store.size(name).orElseThrow());
        store.read(name, 0, content);
        return new String(content.array(), StandardCharsets.UTF_8);
    }

    @Test
    void aBucketWithVersionsIsReadAsItWas() throws IOException {
        try (GcsServer versioned = GcsServer.start("versioned")) {
            versioned.keepVersions("versioned");
            versioned.writeCredentials(folder.resolve("versioned.json"));
            StoreSettings settings = settings(Map.of(
                    StoreOption.ENDPOINT, versioned.endpoint(),
                    StoreOption.CREDENTIALS_FILE,
                            folder.resolve("versioned.json").toString()));
            RepositoryUrl url = RepositoryUrl.parse("gs://versioned/some/prefix");
            ObjectName kept = new ObjectName("a/kept");
            ObjectName replaced = new ObjectName("a/replaced");
            ObjectName deleted = new ObjectName("a/b/deleted");
            ObjectName later = new ObjectName("a/c/later");
            try (ObjectStore now = ObjectStores.open(url, settings)) {
                Instant before = Instant.now();
                versioned.advance(Duration.ofMinutes(1));
                write(now, kept, "kept");
                write(now, replaced, "as it was");
                write(now, deleted, "gone now");
                Instant then = Instant.now().plus(Duration.ofMinutes(2));
                versioned.advance(Duration.ofMinutes(5));
                now.delete(replaced);
                write(now, replaced, "by an attacker");
                now.delete(deleted);
                write(now, later, "later");
                for (int i = 0; i < 1100; i++) {
                    write(now, new ObjectName("a/many/" + i), "x");
                }
                try (ObjectStore past = ObjectStores.openAsOf(url, settings, then)) {
                    assertThat(read(past, kept)).isEqualTo("kept");
                    assertThat(read(past, replaced)).isEqualTo("as it was");
                    assertThat(read(past, deleted)).isEqualTo("gone now");
                    assertThat(past.size(later)).isEmpty();
                    assertThat(past.folders(new ObjectName("a"))).containsExactly("b");
                    assertThat(past.list(new ObjectName("a")))
                            .extracting(object -> object.name().value())
                            .containsExactly("a/b/deleted", "a/kept", "a/replaced");
                    assertThatThrownBy(() -> past.delete(kept))
                            .hasMessageContaining("is seen as it was at " + then + ", and cannot be written");
                }
                try (ObjectStore past = ObjectStores.openAsOf(url, settings, before)) {
                    assertThat(past.list(new ObjectName("a"))).isEmpty();
                }
            }
        }
    }

    @Test
    void sendsLargeObjectsPieceByPiece() throws IOException {
        try (ObjectStore store = open()) {
            int unit = 256 << 10;
            for (int length : new int[] {PART_BYTES * 3 + 12_345, PART_BYTES + 1, (PART_BYTES / unit + 1) * unit}) {
                ObjectName name = new ObjectName("large/" + length);
                byte[] bytes = bytes(length);
                try (ObjectWriter writer = store.create(name)) {
                    write(writer, bytes);
                    assertThat(store.size(name)).isEmpty();
                    writer.commit();
                }
                ByteBuffer back = ByteBuffer.allocateDirect(bytes.length);
                store.read(name, 0, back);
                assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            }
        }
    }

    @Test
    void ofTwoLargeObjectsOfOneNameOneIsCreated() throws IOException {
        try (ObjectStore store = open()) {
            ObjectName name = new ObjectName("large");
            try (ObjectWriter first = store.create(name);
                    ObjectWriter second = store.create(name)) {
                write(first, bytes(PART_BYTES + 5));
                write(second, bytes(PART_BYTES + 6));
                second.commit();
                assertThatThrownBy(first::commit).isInstanceOf(ObjectExistsException.class);
            }
            try (ObjectWriter third = store.create(name)) {
                write(third, bytes(PART_BYTES * 2));
                assertThatThrownBy(third::commit).isInstanceOf(ObjectExistsException.class);
            }
            assertThat(store.size(name)).hasValue(PART_BYTES + 6);
        }
    }

    @Test
    void listsPageByPage() throws IOException {
        StoreSettings settings = settings(Map.of());
        try (ObjectStore store = new BucketStore(
                GcsStoreProvider.client("bucket", settings, 3), "gs://bucket/pages", "pages", settings)) {
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
    void packsHaveTheClassThatIsSaidAndTheLogHasNot() throws IOException {
        try (ObjectStore store = ObjectStores.open(
                RepositoryUrl.parse("gs://bucket/classes"), settings(Map.of(StoreOption.STORAGE_CLASS, "NEARLINE")))) {
            for (String name : new String[] {"clusters/a/packs/1", "clusters/a/log/1"}) {
                try (ObjectWriter writer = store.create(new ObjectName(name))) {
                    writer.commit();
                }
            }
        }
        assertThat(service.description("bucket", "classes/clusters/a/packs/1"))
                .contains("\"storageClass\":\"NEARLINE\"");
        assertThat(service.description("bucket", "classes/clusters/a/log/1")).doesNotContain("storageClass");
    }

    private static void create(ObjectStore store, ObjectName name) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.commit();
        }
    }

    @Test
    void walHasItsOwnClassAndAllObjectsTheKey() throws IOException {
        String key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
        try (ObjectStore store = ObjectStores.open(
                RepositoryUrl.parse("gs://bucket/kms"),
                settings(Map.of(
                        StoreOption.STORAGE_CLASS, "NEARLINE",
                        StoreOption.WAL_STORAGE_CLASS, "STANDARD",
                        StoreOption.KMS_KEY_ID, key)))) {
            create(store, new ObjectName("clusters/a/packs/1"));
            create(store, new ObjectName("clusters/a/wal/1"));
            try (ObjectWriter large = store.create(new ObjectName("clusters/a/packs/2"))) {
                write(large, bytes(PART_BYTES + 1));
                large.commit();
            }
        }
        assertThat(service.description("bucket", "kms/clusters/a/wal/1")).contains("\"storageClass\":\"STANDARD\"");
        for (String name : List.of("packs/1", "wal/1", "packs/2")) {
            assertThat(service.query("bucket", "kms/clusters/a/" + name)).containsEntry("kmsKeyName", key);
        }
    }

    @Test
    void lockedObjectsStayUntilTheirLockHasEnded() throws IOException {
        ObjectName pack = new ObjectName("clusters/a/packs/1");
        ObjectName piece = new ObjectName("clusters/a/wal/1.piece");
        RepositoryUrl url = RepositoryUrl.parse("gs://bucket/locked");
        Map<StoreOption, String> lock =
                Map.of(StoreOption.OBJECT_LOCK, "governance", StoreOption.OBJECT_LOCK_DAYS, "30");
        Instant wanted = Instant.now().plus(Duration.ofDays(30));
        try (ObjectStore store = ObjectStores.open(url, settings(lock))) {
            create(store, pack);
            create(store, piece);
            assertThat(service.description("bucket", "locked/" + pack)).contains("\"mode\":\"Unlocked\"");
            store.delete(piece);
            assertThat(store.retain(pack, wanted)).isFalse();
            assertThatThrownBy(() -> store.retain(piece, wanted)).isInstanceOf(NoSuchObjectException.class);
        }
        // Whoever deletes and knows nothing of locks is refused likewise.
        try (ObjectStore store = ObjectStores.open(url, settings(Map.of()))) {
            assertThatThrownBy(() -> store.delete(pack))
                    .isInstanceOfSatisfying(
                            LockedObjectException.class,
                            e -> assertThat(e.until().orElseThrow()).isAfter(wanted));
            assertThat(store.size(pack)).isPresent();
            service.advance(Duration.ofDays(35));
            store.delete(pack);
            assertThat(store.size(pack)).isEmpty();
        }
    }

    @Test
    void objectsThatWereNotLockedAreLockedByABackupThatNeedsThem() throws IOException {
        ObjectName pack = new ObjectName("clusters/a/packs/1");
        RepositoryUrl url = RepositoryUrl.parse("gs://bucket/later");
        try (ObjectStore store = ObjectStores.open(url, settings(Map.of()))) {
            create(store, pack);
        }
        Instant wanted = Instant.now().plus(Duration.ofDays(365));
        try (ObjectStore store = ObjectStores.open(
                url, settings(Map.of(StoreOption.OBJECT_LOCK, "compliance", StoreOption.OBJECT_LOCK_DAYS, "365")))) {
            assertThat(store.retain(pack, wanted)).isTrue();
            assertThat(store.retain(pack, wanted)).isFalse();
            assertThat(service.description("bucket", "later/" + pack)).contains("\"mode\":\"Locked\"");
            assertThat(store.deleteUnlessLocked(pack)).isFalse();
        }
    }

    @Test
    void actsAsAnotherAccountWhereTheCredentialsSaySo() throws IOException {
        Path file = folder.resolve("impersonated.json");
        Files.writeString(
                file,
                "{\"type\": \"impersonated_service_account\", \"delegates\": [], \"service_account_impersonation_url\":"
                        + " \"" + service.endpoint() + "/v1/projects/-/serviceAccounts/backup@p.iam.gserviceaccount.com"
                        + ":generateAccessToken\", \"source_credentials\": "
                        + Files.readString(folder.resolve("credentials.json")) + "}");
        try (ObjectStore store = open("bucket", Map.of(StoreOption.CREDENTIALS_FILE, file.toString()))) {
            create(store, new ObjectName("a"));
            assertThat(service.impersonated()).containsExactly("backup@p.iam.gserviceaccount.com");
        }
    }

    @Test
    void theServiceIsReachedByTheProxy() throws IOException {
        try (ObjectStore store = open(
                "bucket",
                Map.of(StoreOption.ENDPOINT, "http://storage.invalid", StoreOption.PROXY, service.endpoint()))) {
            create(store, new ObjectName("a"));
            assertThat(store.size(new ObjectName("a"))).hasValue(0);
        }
    }

    @Test
    void theServicesCertificateMustGoBackToThoseOfTheFile() throws IOException {
        try (TlsFront front = TlsFront.start(folder, service.port())) {
            Map<StoreOption, String> values = new EnumMap<>(Map.of(StoreOption.ENDPOINT, front.endpoint()));
            try (ObjectStore store = open("bucket", values)) {
                assertThatThrownBy(() -> store.size(new ObjectName("a")))
                        .hasStackTraceContaining("unable to find valid certification path");
            }
            values.put(StoreOption.CA_FILE, front.certificate().toString());
            try (ObjectStore store = open("bucket", values)) {
                create(store, new ObjectName("a"));
            }
        }
    }

    @Test
    void aBucketThatIsNotThereIsNoAbsence() throws IOException {
        try (ObjectStore store = open("nowhere", Map.of())) {
            assertThatThrownBy(() -> store.size(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot look for object \"a\" in " + store.description()
                            + ": The specified bucket does not exist. (status 404)");
        }
    }

    @Test
    void saysWhatTheServiceRefused() throws IOException {
        Map<StoreOption, String> values = new EnumMap<>(settings(Map.of()).values());
        values.remove(StoreOption.CREDENTIALS_FILE);
        try (ObjectStore store = ObjectStores.open(RepositoryUrl.parse("gs://bucket/x"), new StoreSettings(values))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .hasMessage("cannot list object \"a\" in gs://bucket/x:"
                            + " Anonymous caller does not have storage.objects access. (status 401)");
        }
    }

    @Test
    void credentialsThatCannotBeReadAreNamed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"type\": \"service_account\"}");
        assertThatThrownBy(() -> open("bucket", Map.of(StoreOption.CREDENTIALS_FILE, broken.toString())))
                .hasMessageStartingWith("cannot use \"" + broken + "\", which \"credentials-file\" names: ");
        assertThatThrownBy(() -> open("bucket", Map.of(StoreOption.CREDENTIALS_FILE, "/no/such")))
                .hasMessage("cannot use \"/no/such\", which \"credentials-file\" names: No such file or directory");
    }

    @Test
    void aServiceThatIsNotThereIsToldSoon() throws IOException {
        Map<StoreOption, String> values = new EnumMap<>(settings(Map.of()).values());
        values.remove(StoreOption.CREDENTIALS_FILE);
        values.put(StoreOption.ENDPOINT, "http://127.0.0.1:1");
        try (ObjectStore store = ObjectStores.open(RepositoryUrl.parse("gs://bucket/x"), new StoreSettings(values))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot list object \"a\" in gs://bucket/x: the service cannot be reached");
        }
    }
}

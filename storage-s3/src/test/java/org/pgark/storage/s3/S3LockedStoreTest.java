package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStoreContract;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.S3Vault;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A store whose objects are locked, on a service that keeps versions and holds everybody to locks. */
class S3LockedStoreTest extends ObjectStoreContract {
    private static final ObjectName PACK = new ObjectName("clusters/1/packs/ab/abcd");
    private static final ObjectName PIECE =
            new ObjectName("clusters/1/wal/00000001/00000000/000000010000000000000001.00000000.piece");
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static S3Vault service;
    private static S3Client thief;

    private RepositoryUrl url = nextUrl();

    @BeforeAll
    static void startService() throws IOException {
        service = S3Vault.start("bucket");
        Files.writeString(folder.resolve("secret"), "s\n");
        thief = S3Clients.open(new StoreSettings(settings("THIEF", Map.of())));
    }

    @AfterAll
    static void stopService() {
        thief.close();
        service.close();
    }

    private static RepositoryUrl nextUrl() {
        return RepositoryUrl.parse("s3://bucket/prefix-" + PREFIXES.incrementAndGet());
    }

    private static Map<StoreOption, String> settings(String key, Map<StoreOption, String> more) {
        Map<StoreOption, String> values = new HashMap<>(Map.of(
                StoreOption.ENDPOINT,
                service.endpoint(),
                StoreOption.PATH_STYLE,
                "true",
                StoreOption.REGION,
                "eu-central-1",
                StoreOption.ACCESS_KEY_ID,
                key,
                StoreOption.SECRET_ACCESS_KEY_FILE,
                folder.resolve("secret").toString(),
                StoreOption.PART_SIZE,
                Integer.toString(5 << 20)));
        values.putAll(more);
        return values;
    }

    private ObjectStore open(String key, Map<StoreOption, String> more) throws IOException {
        return ObjectStores.open(url, new StoreSettings(settings(key, more)));
    }

    private ObjectStore locked() throws IOException {
        return open("WRITER", Map.of(StoreOption.OBJECT_LOCK, "compliance", StoreOption.OBJECT_LOCK_DAYS, "30"));
    }

    @Override
    protected ObjectStore open() throws IOException {
        url = nextUrl();
        return locked();
    }

    @Override
    protected Optional<String> whyTheLargestAreLeftOut() {
        return Optional.of("the service of this process keeps objects in memory");
    }

    private static void write(ObjectStore store, ObjectName name, String text) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    private static String read(ObjectStore store, ObjectName name) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) store.size(name).orElseThrow());
        store.read(name, 0, content);
        return new String(content.array(), StandardCharsets.UTF_8);
    }

    private String key(ObjectName name) {
        return String.join("/", url.path()) + "/" + name;
    }

    @Test
    void whatAThiefOverwritesOrDeletesIsReadAsItWas() throws IOException {
        ObjectName overwritten = new ObjectName(PACK + "e");
        try (ObjectStore store = locked()) {
            write(store, PACK, "deleted");
            write(store, overwritten, "overwritten");
        }
        thief.deleteObject(request -> request.bucket("bucket").key(key(PACK)));
        thief.putObject(request -> request.bucket("bucket").key(key(overwritten)), RequestBody.fromString("rubbish"));

        try (ObjectStore store = locked()) {
            assertThat(store.list(new ObjectName("clusters")))
                    .extracting(object -> object.name() + " " + object.size())
                    .containsExactly(PACK + " 7", overwritten + " 11");
            assertThat(store.folders(new ObjectName("clusters"))).containsExactly("1");
        }
        try (ObjectStore store = locked()) {
            assertThat(read(store, PACK)).isEqualTo("deleted");
            assertThat(read(store, overwritten)).isEqualTo("overwritten");
        }
        try (ObjectStore store = open("WRITER", Map.of())) {
            assertThat(store.size(PACK)).as("without object lock").isEmpty();
        }
    }

    @Test
    void whatIsLockedIsNotDeletedAndWhatIsNotAnyMoreIsGoneForGood() throws IOException {
        try (ObjectStore store = locked()) {
            write(store, PACK, "x");
            Instant begin = Instant.now();
            assertThatThrownBy(() -> store.delete(PACK))
                    .isInstanceOfSatisfying(
                            LockedObjectException.class,
                            e -> assertThat(e.until().orElseThrow())
                                    .isBetween(begin.plus(Duration.ofDays(30)), begin.plus(Duration.ofDays(35))))
                    .hasMessageContaining("object \"" + PACK + "\" in " + url + " is locked until ");
            assertThat(store.deleteUnlessLocked(PACK)).isFalse();
            assertThat(read(store, PACK)).isEqualTo("x");
        }
        thief.deleteObject(request -> request.bucket("bucket").key(key(PACK)));
        service.age(Duration.ofDays(36));
        try (ObjectStore store = locked()) {
            assertThat(store.size(PACK))
                    .as("deleted, and no lock speaks against it")
                    .isEmpty();
            store.delete(PACK);
            assertThat(service.versions(key(PACK))).isZero();
        }
    }

    @Test
    void locksAreRenewedOnlyWhereTheyAreTooShort() throws IOException {
        ObjectName unlocked = new ObjectName(PACK + "f");
        try (ObjectStore store = open("WRITER", Map.of())) {
            assertThat(store.lockPeriod()).isEmpty();
            write(store, unlocked, "x");
        }
        try (ObjectStore store = locked()) {
            assertThat(store.lockPeriod()).hasValue(Duration.ofDays(30));
            write(store, PACK, "x");
            Instant wanted = Instant.now().plus(Duration.ofDays(30));
            assertThat(store.retain(PACK, wanted)).isFalse();
            assertThat(store.retain(unlocked, wanted)).isTrue();
            assertThat(store.retain(unlocked, wanted)).isFalse();
            assertThatThrownBy(() -> store.retain(new ObjectName("clusters/1/packs/no"), wanted))
                    .isInstanceOf(NoSuchObjectException.class);
        }
        assertThatThrownBy(() -> thief.deleteObject(
                        request -> request.bucket("bucket").key(key(unlocked)).versionId(currentVersion(unlocked))))
                .hasMessageContaining("AccessDenied");
    }

    private String currentVersion(ObjectName name) {
        return thief.headObject(request -> request.bucket("bucket").key(key(name)))
                .versionId();
    }

    @Test
    void whatComesAndGoesWhileWorkIsDoneIsNotLocked() throws IOException {
        try (ObjectStore store = locked()) {
            write(store, PIECE, "x");
            store.delete(PIECE);
            assertThat(store.size(PIECE)).isEmpty();
            assertThat(service.versions(key(PIECE))).isZero();
        }
    }

    @Test
    void largeListingsComeInPages() throws IOException {
        try (ObjectStore store = open("WRITER", Map.of())) {
            for (int number = 0; number < 1001; number++) {
                write(store, new ObjectName("clusters/1/wal/" + (number / 100) + "/" + number), "x");
            }
        }
        try (ObjectStore store = locked()) {
            assertThat(store.list(new ObjectName("clusters"))).hasSize(1001);
            assertThat(store.folders(new ObjectName("clusters/1/wal"))).hasSize(11);
        }
    }
}

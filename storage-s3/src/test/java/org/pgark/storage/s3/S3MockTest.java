package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
import org.pgark.testkit.S3Mock;
import org.pgark.testkit.Waiting;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** What s3proxy has not: versions, locks and tags. */
@Tag("slow")
class S3MockTest extends ObjectStoreContract {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static S3Mock service;
    private static S3Client client;

    @BeforeAll
    static void startService() throws IOException {
        Optional<Path> program = S3Mock.program();
        Assumptions.assumeTrue(
                program.isPresent(),
                "S3Mock is not there: \"mvnw -Pslow -pl emulators generate-resources\" fetches it");
        service = S3Mock.start(program.orElseThrow(), folder);
        Files.writeString(folder.resolve("secret"), "secret\n");
        client = S3Clients.open(settings(Map.of()));
        client.createBucket(request -> request.bucket("plain"));
        client.createBucket(request -> request.bucket("locked").objectLockEnabledForBucket(true));
        client.putBucketVersioning(request -> request.bucket("locked")
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }

    @AfterAll
    static void stopService() {
        if (service != null) {
            client.close();
            service.close();
        }
    }

    private static StoreSettings settings(Map<StoreOption, String> more) {
        Map<StoreOption, String> values = new HashMap<>(Map.of(
                StoreOption.ENDPOINT, service.endpoint(),
                StoreOption.PATH_STYLE, "true",
                StoreOption.ACCESS_KEY_ID, "key",
                StoreOption.SECRET_ACCESS_KEY_FILE, folder.resolve("secret").toString(),
                StoreOption.PART_SIZE, Integer.toString(5 << 20)));
        values.putAll(more);
        return new StoreSettings(values);
    }

    private static RepositoryUrl url(String bucket) {
        return RepositoryUrl.parse("s3://" + bucket + "/some/prefix-" + PREFIXES.incrementAndGet());
    }

    @Override
    protected ObjectStore open() throws IOException {
        return ObjectStores.open(url("plain"), settings(Map.of()));
    }

    @Override
    protected Optional<String> whyRacesAreOpen() {
        return Optional.of("S3Mock looks whether a key is free and then takes it, so that two writers may both win");
    }

    private static void write(ObjectStore store, ObjectName name, String content) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    private static String read(ObjectStore store, ObjectName name) throws IOException {
        byte[] content = new byte[Math.toIntExact(store.size(name).orElseThrow())];
        store.read(name, 0, ByteBuffer.wrap(content));
        return new String(content, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The last moment of this second, when it is over: clocks of services may show whole seconds. */
    private static Instant afterThisSecond() throws IOException {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Waiting.until(
                "the next second", Duration.ofSeconds(5), () -> Instant.now().isAfter(begin.plusMillis(1050)));
        return begin.plusMillis(999);
    }

    @Test
    void aVersionedBucketIsReadAsItWas() throws IOException {
        RepositoryUrl url = url("locked");
        ObjectName kept = new ObjectName("a/kept");
        ObjectName deleted = new ObjectName("a/deleted");
        ObjectName later = new ObjectName("a/b/later");
        try (ObjectStore now = ObjectStores.open(url, settings(Map.of()))) {
            Instant before = afterThisSecond();
            write(now, kept, "as it was");
            write(now, deleted, "gone now");
            Instant then = afterThisSecond();
            now.delete(deleted);
            write(now, later, "later");
            client.putObject(
                    request -> request.bucket("locked").key(String.join("/", url.path()) + "/" + kept),
                    RequestBody.fromString("overwritten by an attacker"));
            assertThat(read(now, kept)).isEqualTo("overwritten by an attacker");

            try (ObjectStore past = ObjectStores.openAsOf(url, settings(Map.of()), then)) {
                assertThat(read(past, kept)).isEqualTo("as it was");
                assertThat(read(past, deleted)).isEqualTo("gone now");
                assertThat(past.size(later)).isEmpty();
                assertThat(past.list(new ObjectName("a")))
                        .extracting(object -> object.name().value())
                        .containsExactly("a/deleted", "a/kept");
                assertThat(past.folders(new ObjectName("a"))).isEmpty();
                assertThatThrownBy(() -> write(past, new ObjectName("x"), "x"))
                        .hasMessageContaining("is seen as it was at " + then + ", and cannot be written");
                assertThatThrownBy(() -> past.delete(kept)).isInstanceOf(IOException.class);
            }
            try (ObjectStore past = ObjectStores.openAsOf(url, settings(Map.of()), before.minusSeconds(1))) {
                assertThat(past.list(new ObjectName("a"))).isEmpty();
            }
        }
    }

    @Test
    void aBucketWithoutVersionsSaysSo() throws IOException {
        RepositoryUrl url = url("plain");
        try (ObjectStore store = ObjectStores.open(url, settings(Map.of()))) {
            write(store, new ObjectName("a"), "a");
        }
        try (ObjectStore past = ObjectStores.openAsOf(url, settings(Map.of()), Instant.now())) {
            assertThatThrownBy(() -> past.size(new ObjectName("a")))
                    .hasMessageContaining("bucket \"plain\" has kept no versions of \"");
        }
    }

    @Test
    void objectsAreLockedAnewAndHaveTheirTags() throws IOException {
        RepositoryUrl url = url("locked");
        ObjectName name = new ObjectName("clusters/1/packs/ab/abcd");
        StoreSettings settings = settings(Map.of(
                StoreOption.OBJECT_LOCK, "governance",
                StoreOption.OBJECT_LOCK_DAYS, "30",
                StoreOption.TAGS, "team=dba"));
        String key = String.join("/", url.path()) + "/" + name;
        try (ObjectStore store = ObjectStores.open(url, settings)) {
            write(store, name, "content");
            store.retain(name, Instant.now().plus(Duration.ofDays(30)));
            assertThat(client.getObjectRetention(
                                    request -> request.bucket("locked").key(key))
                            .retention()
                            .retainUntilDate())
                    .isAfter(Instant.now().plus(Duration.ofDays(29)));
            assertThat(client.getObjectTagging(
                                    request -> request.bucket("locked").key(key))
                            .tagSet())
                    .extracting(tag -> List.of(tag.key(), tag.value()))
                    .containsExactly(List.of("team", "dba"));
        }
    }
}

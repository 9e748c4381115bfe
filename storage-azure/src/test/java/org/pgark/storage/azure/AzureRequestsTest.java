package org.pgark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.TlsFront;

/** What settings that azurite does not look at make of requests, over the wire to a service of this process. */
class AzureRequestsTest {
    private static final int PART = 5 << 20;
    private static final ObjectName PACK = new ObjectName("clusters/1/packs/ab/abcd");
    private static final ObjectName LARGE = new ObjectName(PACK + "e");
    private static final ObjectName WAL = new ObjectName("clusters/1/wal/00000001/00000000/000000010000000000000001");
    private static final ObjectName LOG = new ObjectName("clusters/1/log/1");
    private static final Map<StoreOption, String> LOCK =
            Map.of(StoreOption.OBJECT_LOCK, "compliance", StoreOption.OBJECT_LOCK_DAYS, "30");

    @TempDir
    private Path folder;

    private AzureStandIn service;

    @BeforeEach
    void start() throws IOException {
        service = AzureStandIn.start();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private ObjectStore open(Map<StoreOption, String> more) throws IOException {
        Map<StoreOption, String> values = new EnumMap<>(StoreOption.class);
        values.put(StoreOption.ENDPOINT, service.endpoint());
        values.put(
                StoreOption.ACCOUNT_KEY_FILE,
                Files.writeString(folder.resolve("key"), "a2V5\n").toString());
        values.put(StoreOption.PART_SIZE, Integer.toString(PART));
        values.putAll(more);
        return ObjectStores.open(RepositoryUrl.parse("azblob://account/container/x"), new StoreSettings(values));
    }

    private static void write(ObjectStore store, ObjectName name, int length) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.allocate(length));
            writer.commit();
        }
    }

    /** A small pack, a large one in blocks, WAL and an entry of the log; the requests that made them. */
    private List<AzureStandIn.Request> created(Map<StoreOption, String> more) throws IOException {
        try (ObjectStore store = open(more)) {
            write(store, PACK, 10);
            write(store, LARGE, PART + 1);
            write(store, WAL, 10);
            write(store, LOG, 10);
        }
        List<AzureStandIn.Request> created = service.requests().stream()
                .filter(request ->
                        request.call().equals("PUT") || request.call().equals("PUT blocklist"))
                .toList();
        assertThat(created).hasSize(4);
        return created;
    }

    @Test
    void blobsHaveTheirKindsTierAndTheirEncryptionScope() throws IOException {
        List<AzureStandIn.Request> created = created(Map.of(
                StoreOption.STORAGE_CLASS, "Cool",
                StoreOption.WAL_STORAGE_CLASS, "Hot",
                StoreOption.ENCRYPTION_SCOPE, "backups"));
        assertThat(created)
                .extracting(request -> request.header("x-ms-access-tier").orElse("none"))
                .containsExactly("Cool", "Cool", "Hot", "none");
        assertThat(service.requests())
                .filteredOn(request -> request.method().equals("PUT"))
                .allSatisfy(request -> assertThat(request.header("x-ms-encryption-scope"))
                        .as(request.call())
                        .hasValue("backups"));
    }

    @Test
    void saysWhatHelpsWhereThePastIsAskedFor() {
        assertThatThrownBy(() -> ObjectStores.openAsOf(
                        RepositoryUrl.parse("azblob://account/container/x"),
                        new StoreSettings(Map.of()),
                        Instant.parse("2026-11-25T12:00:00Z")))
                .hasMessage("\"azblob://account/container/x\" cannot be read as it was: versions of blobs are not read;"
                        + " Azure's own point-in-time restore of block blobs can bring the container back");
    }

    @Test
    void requestsGoByTheProxy() throws IOException {
        created(Map.of(StoreOption.ENDPOINT, "http://account.invalid", StoreOption.PROXY, service.endpoint()));
        assertThat(service.requests())
                .allSatisfy(request -> assertThat(request.header("host")).hasValue("account.invalid"));
    }

    @Test
    void theServicesCertificateMustGoBackToThoseOfTheFile() throws IOException {
        try (TlsFront front =
                TlsFront.start(folder, URI.create(service.endpoint()).getPort())) {
            assertThatThrownBy(() -> created(Map.of(StoreOption.ENDPOINT, front.endpoint())))
                    .hasStackTraceContaining("unable to find valid certification path");
            assertThat(service.requests()).isEmpty();
            created(Map.of(
                    StoreOption.ENDPOINT,
                    front.endpoint(),
                    StoreOption.CA_FILE,
                    front.certificate().toString()));
        }
    }

    @Test
    void blobsAreLockedFromTheirCreationOn() throws IOException {
        Instant least = Instant.now().plus(Duration.ofDays(30)).minusSeconds(1);
        assertThat(created(LOCK)).allSatisfy(request -> {
            assertThat(request.header("x-ms-immutability-policy-mode").map(String::toLowerCase))
                    .hasValue("locked");
            assertThat(AzureStandIn.time(request.header("x-ms-immutability-policy-until-date")
                            .orElseThrow()))
                    .isBetween(least, least.plus(Duration.ofDays(4)));
        });
    }

    @Test
    void locksAreRenewedAndKeepBlobsFromBeingDeleted() throws IOException {
        try (ObjectStore store = open(Map.of())) {
            write(store, PACK, 10);
            assertThat(store.retain(PACK, Instant.now())).as("without a lock").isFalse();
        }
        Instant wanted = Instant.now().plus(Duration.ofDays(30));
        try (ObjectStore store = open(LOCK)) {
            assertThat(store.retain(PACK, wanted)).isTrue();
            assertThat(store.retain(PACK, wanted)).isFalse();
            assertThatThrownBy(() -> store.retain(LOG, wanted)).isInstanceOf(NoSuchObjectException.class);
            int before = service.requests().size();
            assertThatThrownBy(() -> store.delete(PACK))
                    .isInstanceOfSatisfying(
                            LockedObjectException.class,
                            e -> assertThat(e.until().orElseThrow()).isAfter(wanted));
            assertThat(service.requests().subList(before, service.requests().size()))
                    .as("a container with versions would hide it")
                    .noneMatch(request -> request.method().equals("DELETE"));
        }
        try (ObjectStore store = open(Map.of())) {
            assertThatThrownBy(() -> store.delete(PACK))
                    .as("by the service")
                    .isInstanceOfSatisfying(
                            LockedObjectException.class,
                            e -> assertThat(e.until().orElseThrow()).isAfter(wanted));
        }
    }
}

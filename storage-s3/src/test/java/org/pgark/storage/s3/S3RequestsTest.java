package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** What settings that no emulator looks at make of requests, over the wire to a service of this process. */
class S3RequestsTest {
    private static final int PART = 5 << 20;
    private static final ObjectName PACK = new ObjectName("clusters/1/packs/ab/abcd");
    private static final ObjectName WAL = new ObjectName("clusters/1/wal/00000001/00000000/000000010000000000000001");
    private static final ObjectName LOG = new ObjectName("clusters/1/log/1");

    @TempDir
    private Path folder;

    private S3StandIn service;

    @BeforeEach
    void start() throws IOException {
        service = S3StandIn.start();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private ObjectStore open(Map<StoreOption, String> more) throws IOException {
        Map<StoreOption, String> values = new HashMap<>(Map.of(
                StoreOption.ENDPOINT,
                service.endpoint(),
                StoreOption.PATH_STYLE,
                "true",
                StoreOption.REGION,
                "eu-central-1",
                StoreOption.ACCESS_KEY_ID,
                "AKIATEST",
                StoreOption.SECRET_ACCESS_KEY_FILE,
                Files.writeString(folder.resolve("secret"), "s\n").toString(),
                StoreOption.PART_SIZE,
                Integer.toString(PART)));
        values.putAll(more);
        return ObjectStores.open(RepositoryUrl.parse("s3://bucket/x"), new StoreSettings(values));
    }

    private static void write(ObjectStore store, ObjectName name, int length) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.allocate(length));
            writer.commit();
        }
    }

    /** A small pack, a large one in parts, WAL and an entry of the log, and then reads. */
    private List<S3StandIn.Request> everything(Map<StoreOption, String> more) throws IOException {
        try (ObjectStore store = open(more)) {
            write(store, PACK, 10);
            write(store, new ObjectName(PACK + "e"), PART + 1);
            write(store, WAL, 10);
            write(store, LOG, 10);
            assertThat(store.size(PACK)).hasValue(10);
            store.read(PACK, 0, ByteBuffer.allocate(10));
        }
        assertThat(service.requests())
                .extracting(S3StandIn.Request::call)
                .contains("PUT", "POST uploads", "PUT part", "POST complete", "HEAD", "GET");
        return service.requests();
    }

    @Test
    void aCustomersKeyGoesWithEveryRequestForAnObject() throws IOException {
        String key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        Path file = Files.writeString(folder.resolve("key"), key + "\n");
        assertThat(everything(Map.of(StoreOption.CUSTOMER_KEY_FILE, file.toString())))
                .allSatisfy(request -> {
                    assertThat(request.header("x-amz-server-side-encryption-customer-algorithm"))
                            .as(request.call())
                            .hasValue("AES256");
                    assertThat(request.header("x-amz-server-side-encryption-customer-key"))
                            .hasValue(key);
                    assertThat(request.header("x-amz-server-side-encryption-customer-key-md5"))
                            .hasValue("hRasmdxgYDKV3nvbahU1MA==");
                });
    }

    @Test
    void newObjectsGetTagsEncryptionAndTheirKindsStorageClass() throws IOException {
        List<S3StandIn.Request> created = everything(Map.of(
                        StoreOption.TAGS, "team=dba, cost centre=4711",
                        StoreOption.KMS_KEY_ID, "alias/pgark",
                        StoreOption.STORAGE_CLASS, "STANDARD_IA",
                        StoreOption.WAL_STORAGE_CLASS, "ONEZONE_IA",
                        StoreOption.REQUESTER_PAYS, "true"))
                .stream()
                .filter(request ->
                        request.call().equals("PUT") || request.call().equals("POST uploads"))
                .toList();
        assertThat(created).hasSize(4).allSatisfy(request -> {
            assertThat(request.header("x-amz-tagging")).hasValue("team=dba&cost%20centre=4711");
            assertThat(request.header("x-amz-server-side-encryption")).hasValue("aws:kms");
            assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                    .hasValue("alias/pgark");
        });
        assertThat(created)
                .extracting(request -> request.header("x-amz-storage-class").orElse("none"))
                .containsExactly("STANDARD_IA", "STANDARD_IA", "ONEZONE_IA", "none");
        assertThat(service.requests())
                .allSatisfy(request -> assertThat(request.header("x-amz-request-payer"))
                        .as(request.call())
                        .hasValue("requester"));
    }

    @Test
    void objectsAreLockedFromTheirCreationOn() throws IOException {
        try (ObjectStore store =
                open(Map.of(StoreOption.OBJECT_LOCK, "compliance", StoreOption.OBJECT_LOCK_DAYS, "30"))) {
            write(store, PACK, 10);
            write(store, new ObjectName(PACK + "e"), PART + 1);
            write(store, WAL, 10);
            write(store, LOG, 10);
            write(store, new ObjectName("check/1"), 10);
        }
        Instant least = Instant.now().plus(Duration.ofDays(30));
        List<S3StandIn.Request> created = service.requests().stream()
                .filter(request ->
                        request.call().equals("PUT") || request.call().equals("POST uploads"))
                .toList();
        assertThat(created).hasSize(5);
        assertThat(created.subList(0, 4)).allSatisfy(request -> {
            assertThat(request.header("x-amz-object-lock-mode")).hasValue("COMPLIANCE");
            assertThat(Instant.parse(request.header("x-amz-object-lock-retain-until-date")
                            .orElseThrow()))
                    .isBetween(least, least.plus(Duration.ofDays(4)));
        });
        assertThat(created.getLast().header("x-amz-object-lock-mode")).isEmpty();
    }

    @Test
    void requestsGoByTheProxy() throws IOException {
        everything(Map.of(StoreOption.ENDPOINT, "http://s3.invalid", StoreOption.PROXY, service.endpoint()));
        assertThat(service.requests())
                .allSatisfy(request -> assertThat(request.header("host")).hasValue("s3.invalid"));
    }

    @Test
    void aRoleIsAssumedWithItsExternalId() throws IOException {
        System.setProperty("aws.endpointUrlSts", service.endpoint());
        try {
            List<S3StandIn.Request> requests = everything(Map.of(
                    StoreOption.ROLE_ARN, "arn:aws:iam::111122223333:role/backup",
                    StoreOption.ROLE_EXTERNAL_ID, "an-id"));
            assertThat(requests.getFirst().body()).contains("Action=AssumeRole", "role%2Fbackup", "ExternalId=an-id");
            assertThat(requests.subList(1, requests.size()))
                    .allSatisfy(request ->
                            assertThat(request.header("x-amz-security-token")).hasValue("of-the-role"));
        } finally {
            System.clearProperty("aws.endpointUrlSts");
        }
    }

    @Test
    void credentialsThatExpireAreRenewedInTheMiddleOfAnObject() throws IOException {
        System.setProperty("aws.endpointUrlSts", service.endpoint());
        service.roleLasts(Duration.ofSeconds(20));
        try (ObjectStore store = open(Map.of(StoreOption.ROLE_ARN, "arn:aws:iam::111122223333:role/backup"))) {
            write(store, PACK, PART * 2 + 1);
        } finally {
            System.clearProperty("aws.endpointUrlSts");
        }
        List<String> tokens = service.requests().stream()
                .map(request -> request.header("x-amz-security-token").orElse(""))
                .filter(token -> !token.isEmpty())
                .distinct()
                .toList();
        assertThat(tokens).startsWith("of-the-role", "of-the-role-2");
    }

    @Test
    void aFullStoreIsNamedAndKeepsWhatItHas() throws IOException {
        try (ObjectStore store = open(Map.of())) {
            write(store, LOG, 10);
            service.full("QuotaExceeded");
            for (int length : new int[] {10, PART + 1}) {
                assertThatThrownBy(() -> write(store, PACK, length))
                        .hasMessage("cannot write object \"" + PACK
                                + "\" in s3://bucket/x: No more. (QuotaExceeded, status 403)");
            }
            assertThat(store.size(LOG)).hasValue(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RequestTimeTooSkewed", "ExpiredToken", "InvalidAccessKeyId"})
    void credentialsOrAClockThatTheServiceDoesNotTakeAreNamedSoon(String code) throws IOException {
        try (ObjectStore store = open(Map.of())) {
            write(store, LOG, 10);
            service.full(code);
            long begin = System.nanoTime();
            for (int length : new int[] {10, PART + 1}) {
                assertThatThrownBy(() -> write(store, PACK, length))
                        .hasMessage("cannot write object \"" + PACK + "\" in s3://bucket/x: No more. (" + code
                                + ", status 403)");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
        }
    }

    @Test
    void aHostThatNobodyKnowsIsToldSoon() throws IOException {
        try (ObjectStore store = open(Map.of(StoreOption.ENDPOINT, "http://no-such-host.invalid"))) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> store.size(LOG))
                    .hasMessageContaining("the service cannot be reached: ")
                    .hasMessageContaining("no-such-host.invalid");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
        }
    }

    /** As Ceph does, which knows the condition only for whole objects. */
    @Test
    void aServiceThatMakesObjectsOfPartsUnconditionallyIsAskedFirst() throws IOException {
        try (ObjectStore store = open(Map.of());
                ObjectWriter slow = store.create(LOG)) {
            slow.write(ByteBuffer.allocate(PART + 1));
            write(store, LOG, 10);
            assertThatThrownBy(slow::commit).isInstanceOf(ObjectExistsException.class);
            assertThat(store.size(LOG)).hasValue(10);
        }
    }

    @Test
    void aServiceWithoutAListOfUploadsHasNoneToGiveUp() throws IOException {
        try (ObjectStore store = open(Map.of())) {
            store.removeLeftovers(Duration.ofDays(7));
        }
        assertThat(service.requests()).extracting(S3StandIn.Request::call).containsOnly("GET uploads");
    }

    @Test
    void refusesSettingsThatCannotBe() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "c2hvcnQ=");
        assertThatThrownBy(() -> open(Map.of(StoreOption.CUSTOMER_KEY_FILE, file.toString())))
                .hasMessageContaining("\"customer-key-file\" names does not hold 32 bytes in base64")
                .hasMessageNotContaining("c2hvcnQ=");
        assertThatThrownBy(() -> open(Map.of(StoreOption.TAGS, "team")))
                .hasMessage("invalid value \"team\" of \"tags\", must be like \"team=dba,tier=backup\", with at most 10"
                        + " different names");
        assertThatThrownBy(() -> open(Map.of(StoreOption.OBJECT_LOCK, "governance")))
                .hasMessage("\"object-lock\" and \"object-lock-days\" must be set together, or neither");
        assertThatThrownBy(() -> open(Map.of(StoreOption.OBJECT_LOCK, "no", StoreOption.OBJECT_LOCK_DAYS, "1")))
                .hasMessage("invalid value \"no\" of \"object-lock\", must be \"governance\" or \"compliance\"");
        assertThatThrownBy(() -> open(Map.of(StoreOption.PROXY, "http://me:secret@proxy:1")))
                .hasMessageContaining("invalid value of \"proxy\"")
                .hasMessageNotContaining("secret");
    }
}

package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Policy;
import org.pgark.testkit.S3Vault;
import org.pgark.testkit.Turn;

/** Many objects that are deleted by one request, where the service knows it and lets them go. */
class S3ManyDeletionsTest {
    @TempDir
    private Path folder;

    private S3Vault service;
    private FaultProxy proxy;
    private ObjectStore store;

    @BeforeEach
    void startService() throws IOException {
        service = S3Vault.start("bucket");
        proxy = FaultProxy.start(URI.create(service.endpoint()).getPort());
        Files.writeString(folder.resolve("secret"), "secret\n");
        store = ObjectStores.open(RepositoryUrl.parse("s3://bucket/x"), new StoreSettings(settings()));
    }

    @AfterEach
    void stopService() throws IOException {
        store.close();
        proxy.close();
        service.close();
    }

    private Map<StoreOption, String> settings() {
        return Map.of(
                StoreOption.ENDPOINT,
                "http://127.0.0.1:" + proxy.port(),
                StoreOption.PATH_STYLE,
                "true",
                StoreOption.ACCESS_KEY_ID,
                "key",
                StoreOption.SECRET_ACCESS_KEY_FILE,
                folder.resolve("secret").toString());
    }

    private List<ObjectName> objects(int count) throws IOException {
        List<ObjectName> names = IntStream.range(0, count)
                .mapToObj(number -> new ObjectName("many/" + (1000 + number)))
                .toList();
        for (ObjectName name : names) {
            try (ObjectWriter writer = store.create(name)) {
                writer.write(ByteBuffer.wrap(new byte[1]));
                writer.commit();
            }
        }
        return names;
    }

    @Test
    void takesOneRequestForAThousand() throws IOException {
        List<ObjectName> names = objects(3);
        List<ObjectName> all = Stream.concat(
                        IntStream.range(0, 1998).mapToObj(number -> new ObjectName("absent/" + number)), names.stream())
                .toList();
        int before = proxy.requests();
        assertThat(store.deleteAll(all)).isEmpty();
        // The one that is over a thousand twice is alone, and deleted as such.
        assertThat(proxy.requests()).isEqualTo(before + 3);
        assertThat(store.list(new ObjectName("many"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 405, 501})
    void deletesOneByOneWhereTheServiceKnowsNoSuchRequest(int status) throws IOException {
        List<ObjectName> names = objects(40);
        proxy.next("POST /bucket?delete", new Turn.Answered(status, "<Error><Code>NotImplemented</Code></Error>"));
        int before = proxy.requests();
        assertThat(store.deleteAll(names.subList(0, 20))).isEmpty();
        assertThat(store.deleteAll(names.subList(20, 40))).isEmpty();
        assertThat(proxy.haveTurnsEnded()).isTrue();
        assertThat(proxy.requests()).isEqualTo(before + 41);
        assertThat(store.list(new ObjectName("many"))).isEmpty();
    }

    @Test
    void whatTheServiceLeavesIsDeletedByItself() throws IOException {
        List<ObjectName> names = objects(3);
        proxy.next(
                "POST /bucket?delete",
                new Turn.Answered(
                        200,
                        "<DeleteResult><Deleted><Key>x/many/1000</Key></Deleted><Error><Key>x/many/1001</Key>"
                                + "<Code>InternalError</Code><Message>no</Message></Error></DeleteResult>"));
        assertThat(store.deleteAll(names)).isEmpty();
        assertThat(store.list(new ObjectName("many"))).hasSize(1);
    }

    @Test
    void whatIsNotAllowedIsNamedAsIfItWereDeletedAlone() throws IOException {
        List<ObjectName> names = objects(3);
        service.allow(
                "key",
                new S3Policy(List.of(
                        new S3Policy.Statement(
                                Set.of("s3:DeleteObject"),
                                List.of("arn:aws:s3:::bucket/x/many/1000", "arn:aws:s3:::bucket/x/many/1002")),
                        new S3Policy.Statement(Set.of("s3:ListBucket"), List.of("arn:aws:s3:::bucket")))));
        assertThatThrownBy(() -> store.deleteAll(names))
                .hasMessage(
                        "cannot delete object \"many/1001\" in s3://bucket/x: AccessDenied (AccessDenied, status 403)");
        assertThat(store.list(new ObjectName("many"))).extracting("name").containsExactly(names.get(1));
    }

    @Test
    void whatIsLockedStaysAndHindersNoOther() throws IOException {
        Map<StoreOption, String> locking = new HashMap<>(settings());
        locking.put(StoreOption.OBJECT_LOCK, "compliance");
        locking.put(StoreOption.OBJECT_LOCK_DAYS, "3");
        List<ObjectName> free = objects(1);
        store.close();
        store = ObjectStores.open(RepositoryUrl.parse("s3://bucket/x"), new StoreSettings(locking));
        ObjectName locked = new ObjectName("many/wal/locked");
        try (ObjectWriter writer = store.create(locked)) {
            writer.write(ByteBuffer.wrap(new byte[1]));
            writer.commit();
        }
        Map<ObjectName, LockedObjectException> stays = store.deleteAll(List.of(locked, free.getFirst()));
        assertThat(stays).containsOnlyKeys(locked);
        assertThat(stays.values()).allSatisfy(why -> assertThat(why.until()).isPresent());
        assertThat(store.list(new ObjectName("many"))).extracting("name").containsExactly(locked);
        service.age(Duration.ofDays(5));
        assertThat(store.deleteAll(List.of(locked, free.getFirst()))).isEmpty();
        assertThat(service.versions("")).isZero();
    }
}

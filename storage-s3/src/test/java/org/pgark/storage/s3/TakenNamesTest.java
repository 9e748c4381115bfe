package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.NoConditionException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.TakenNames;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;

/** Services that do not know {@code If-None-Match}: those that ignore it, and those that turn the request down. */
class TakenNamesTest {
    private static final int PART = 5 << 20;
    private static final ObjectName TRIAL = new ObjectName("check");

    @TempDir
    private Path folder;

    @Test
    void aServiceThatDoesNotRefuseThemIsFoundOut() throws Exception {
        try (S3Proxy service = S3Proxy.startTrusting(folder, "bucket");
                FaultProxy proxy = FaultProxy.start(service.port());
                ObjectStore store = open(proxy)) {
            assertThat(TakenNames.areRefused(store, TRIAL)).isTrue();

            proxy.condition(FaultProxy.Condition.IGNORED);
            assertThat(TakenNames.areRefused(store, TRIAL)).isFalse();

            proxy.condition(FaultProxy.Condition.TURNED_DOWN);
            assertThat(TakenNames.areRefused(store, TRIAL)).isFalse();
            for (int size : new int[] {1000, PART + 1000}) {
                ObjectName name = new ObjectName("object-" + size);
                assertThatThrownBy(() -> write(store, name, size)).isInstanceOf(NoConditionException.class);
                write(store.unconditional(), name, size);
                assertThat(store.size(name)).hasValue(size);
                write(store.unconditional(), name, size + 1);
                assertThat(store.size(name)).hasValue(size + 1);
            }

            proxy.condition(FaultProxy.Condition.HEARD);
            assertThatThrownBy(() -> write(store, new ObjectName("object-1000"), 1000))
                    .isInstanceOf(ObjectExistsException.class);
            assertThat(store.list(TRIAL)).isEmpty();
        }
    }

    private ObjectStore open(FaultProxy proxy) throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("s3://bucket/prefix"),
                S3ProxySettings.of("http://127.0.0.1:" + proxy.port(), folder, PART));
    }

    private static void write(ObjectStore store, ObjectName name, int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(content));
            writer.commit();
        }
    }
}

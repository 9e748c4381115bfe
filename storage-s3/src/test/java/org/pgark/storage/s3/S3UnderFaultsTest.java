package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.FaultSchedules;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.Throttling;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;

class S3UnderFaultsTest extends FaultSchedules {
    private static final double SHARE = 0.12;
    private static final int PART = 5 << 20;

    @TempDir
    private static Path folder;

    private static S3Proxy service;
    private static FaultProxy proxy;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        service = S3Proxy.start(folder, "bucket");
        proxy = FaultProxy.start(service.port());
    }

    @AfterAll
    static void stopService() throws IOException {
        if (proxy != null) {
            assertThat(proxy.struck()).isPositive();
            proxy.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Override
    protected ObjectStore openUnderFaults(long seed) throws IOException {
        proxy.strike(SHARE, seed);
        return ObjectStores.open(RepositoryUrl.parse("s3://bucket/prefix-" + PREFIXES.incrementAndGet()), settings());
    }

    private static StoreSettings settings() throws IOException {
        return S3ProxySettings.of("http://127.0.0.1:" + proxy.port(), folder, PART);
    }

    @Test
    void aServiceThatIsTooBusyIsHeardAndAskedAgain() throws IOException {
        AtomicInteger heard = new AtomicInteger();
        try (S3BucketClient client =
                new S3BucketClient(S3Clients.open(settings()), "bucket", S3ObjectProperties.of(settings()))) {
            assertThat(client.size("busy/absent")).isNegative();
            for (int status : new int[] {503, 429, 500}) {
                proxy.answer(status, 2);
                assertThat(Throttling.heard(heard::incrementAndGet, () -> client.size("busy/absent")))
                        .isNegative();
            }
        }
        assertThat(heard).hasValue(4);
    }

    @Override
    protected void calm() {
        proxy.strike(0, 0);
    }

    @Override
    protected int large() {
        return PART * 2 + 12_345;
    }
}

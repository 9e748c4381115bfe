package org.pgark.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.FaultSchedules;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.GcsServer;

class GcsUnderFaultsTest extends FaultSchedules {
    private static final double SHARE = 0.12;
    private static final int PART = 5 << 20;

    @TempDir
    private static Path folder;

    private static GcsServer service;
    private static FaultProxy proxy;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        service = GcsServer.start("bucket");
        service.writeCredentials(folder.resolve("credentials.json"));
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
        return ObjectStores.open(
                RepositoryUrl.parse("gs://bucket/prefix-" + PREFIXES.incrementAndGet()),
                new StoreSettings(Map.of(
                        StoreOption.ENDPOINT, "http://127.0.0.1:" + proxy.port(),
                        StoreOption.CREDENTIALS_FILE,
                                folder.resolve("credentials.json").toString(),
                        StoreOption.PART_SIZE, Integer.toString(PART))));
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

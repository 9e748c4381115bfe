package org.pgark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.FaultSchedules;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.Azurite;
import org.pgark.testkit.FaultProxy;

class AzureUnderFaultsTest extends FaultSchedules {
    private static final double SHARE = 0.12;
    private static final int PART = 5 << 20;

    @TempDir
    private static Path folder;

    private static Azurite service;
    private static FaultProxy proxy;
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @BeforeAll
    static void startService() throws IOException {
        String obstacle = Azurite.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        service = Azurite.start(folder, "container");
        Files.writeString(folder.resolve("key"), Azurite.KEY + "\n");
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
                RepositoryUrl.parse("azblob://" + Azurite.ACCOUNT + "/container/prefix-" + PREFIXES.incrementAndGet()),
                new StoreSettings(Map.of(
                        StoreOption.ENDPOINT, "http://127.0.0.1:" + proxy.port() + "/" + Azurite.ACCOUNT,
                        StoreOption.ACCOUNT_KEY_FILE, folder.resolve("key").toString(),
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

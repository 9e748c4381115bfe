package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoreFaults;

/** Whatever step a writer dies or fails at, what is there stays whole, and the work can be done again. */
class CrashTest {
    private static final String FIRST = "20261122T104200Z-aaaa";
    private static final String SECOND = "20261122T114200Z-bbbb";

    private static boolean runs(ObjectStore store, long seed) {
        try {
            new SmallRepository(seed).fill(store, FIRST, SECOND);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertUsable(ObjectStore store, long step) throws IOException {
        if (store.size(new ObjectName("repository")).isPresent()) {
            assertThatCode(() -> SmallRepository.readEverything(store))
                    .as("after step %d", step)
                    .doesNotThrowAnyException();
        }
        new SmallRepository(step + 1000).fill(store, FIRST, SECOND);
        assertThat(SmallRepository.readEverything(store))
                .extracting(backup -> backup.id().value())
                .containsExactly(FIRST, SECOND);
    }

    @Test
    void survivesDeathAtEveryStep() throws IOException {
        boolean finished = false;
        for (long step = 1; !finished; step++) {
            MemoryStore store = new MemoryStore();
            finished = runs(new FaultyObjectStore(store, StoreFaults.dyingAt(step)), step);
            assertUsable(store, step);
            assertThat(step).isLessThan(1000);
        }
    }

    @Test
    void survivesAFaultAtEveryStep() throws IOException {
        boolean finished = false;
        int failures = 0;
        for (long step = 1; step < 400 && (!finished || failures == 0); step++) {
            MemoryStore store = new MemoryStore();
            finished = runs(new FaultyObjectStore(store, StoreFaults.failingAt(step)), step);
            failures += finished ? 0 : 1;
            assertUsable(store, step);
        }
        assertThat(failures).isPositive();
    }

    @Test
    void survivesAFullDisk() throws IOException {
        for (long capacity = 0; capacity < 20_000; capacity += 331) {
            MemoryStore store = new MemoryStore();
            runs(new FaultyObjectStore(store, StoreFaults.fullAfter(capacity)), capacity);
            assertUsable(store, capacity);
        }
    }

    @Test
    void survivesDeathOnADisk(@TempDir Path folder) throws IOException {
        for (long step : List.of(3L, 10L, 25L, 40L, 60L, 80L)) {
            try (ObjectStore store = new LocalDirectoryStore(folder.resolve("died-at-" + step))) {
                runs(new FaultyObjectStore(store, StoreFaults.dyingAt(step)), step);
                store.removeLeftovers(Duration.ZERO);
                assertUsable(store, step);
            }
        }
    }
}

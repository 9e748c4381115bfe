package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.ManyRequests;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

class PackSizesTest {
    private static final ObjectName FOLDER = new ObjectName("clusters/0123456789abcdef/packs");

    private final Random random = new Random(7);

    private PackSummary stored(ObjectStore store, int size) throws IOException {
        ObjectId id = ObjectId.random(random);
        try (ObjectWriter writer = store.create(PackNames.of(FOLDER, id))) {
            writer.write(ByteBuffer.allocate(size));
            writer.commit();
        }
        return new PackSummary(id, size);
    }

    private void findsWhatIsMissingOrShort(ObjectStore store, ManyRequests requests) throws IOException {
        List<PackSummary> packs = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            packs.add(stored(store, 1 + number));
        }
        PackSizes sizes = new PackSizes(store, FOLDER, requests);

        sizes.check(packs);
        PackSummary whole = packs.get(60);
        packs.set(60, new PackSummary(whole.id(), whole.size() + 1));
        assertThatThrownBy(() -> sizes.check(packs))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining(whole.id().toString())
                .hasMessageContaining("61 bytes instead of 62");
        packs.set(60, new PackSummary(ObjectId.random(random), 61));
        assertThatThrownBy(() -> sizes.check(packs)).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void findsWhatIsMissingOrShortOneAfterTheOther() throws IOException {
        findsWhatIsMissingOrShort(new MemoryStore(), ManyRequests.of(new MemoryStore(), 16));
    }

    @Test
    void findsWhatIsMissingOrShortSeveralAtTheSameTime() throws IOException {
        findsWhatIsMissingOrShort(new MemoryStore(), ManyRequests.allThatCanBe(16));
    }
}

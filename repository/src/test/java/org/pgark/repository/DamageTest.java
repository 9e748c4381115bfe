package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.key.MemoryKey;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/** Damage to any object is found by whoever reads it, and is told as damage to that object. */
@ParameterizedClass(name = "encrypted: {0}")
@ValueSource(booleans = {false, true})
class DamageTest {
    private final ObjectStore store = new MemoryStore();
    private final RepositoryAccess access;
    /** Where everything is sealed, each look costs more. */
    private final int stride;

    DamageTest(boolean encrypted) {
        this.stride = encrypted ? 3 : 1;
        this.access = encrypted ? RepositoryAccess.by(new MemoryKey(1)) : RepositoryAccess.ANY;
    }

    @BeforeEach
    void fill() throws IOException {
        new SmallRepository(1, access).fill(store, "20261122T104200Z-aaaa");
        assertThat(SmallRepository.readEverything(store, access)).hasSize(1);
    }

    private void assertDamageIsFound(ObjectName name, String what) {
        assertThatThrownBy(() -> SmallRepository.readEverything(store, access))
                .as("%s of %s", what, name)
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining("object \"" + name + "\" is damaged: ");
    }

    @Test
    void flippedBitsAreFound() throws IOException {
        for (ObjectName name : StoreContents.names(store)) {
            byte[] good = StoreContents.bytes(store, name);
            int step = (good.length > 1000 ? 17 : 3) * stride;
            for (int i = 0; i < good.length; i += step) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << i % 8);
                StoreContents.replace(store, name, bad);
                assertDamageIsFound(name, "flip of byte " + i);
            }
            StoreContents.replace(store, name, good);
        }
        assertThatCode(() -> SmallRepository.readEverything(store, access)).doesNotThrowAnyException();
    }

    @Test
    void truncationsAndAdditionsAreFound() throws IOException {
        for (ObjectName name : StoreContents.names(store)) {
            byte[] good = StoreContents.bytes(store, name);
            for (int length = 0; length <= good.length + 40; length += (good.length > 1000 ? 17 : 3) * stride) {
                if (length != good.length) {
                    StoreContents.replace(store, name, Arrays.copyOf(good, length));
                    assertDamageIsFound(name, "length " + length);
                }
            }
            StoreContents.replace(store, name, good);
        }
    }

    @Test
    void everyExchangeIsFound() throws IOException {
        List<ObjectName> names = StoreContents.names(store);
        for (ObjectName first : names) {
            for (ObjectName second : names) {
                byte[] firstBytes = StoreContents.bytes(store, first);
                byte[] secondBytes = StoreContents.bytes(store, second);
                if (first.compareTo(second) < 0) {
                    StoreContents.replace(store, first, secondBytes);
                    StoreContents.replace(store, second, firstBytes);
                    assertThatThrownBy(() -> SmallRepository.readEverything(store, access))
                            .as("%s and %s", first, second)
                            .isInstanceOf(DamagedObjectException.class);
                    StoreContents.replace(store, first, firstBytes);
                    StoreContents.replace(store, second, secondBytes);
                }
            }
        }
    }

    @Test
    void everyMissingPackIsNamed() throws IOException {
        for (ObjectName name : StoreContents.names(store)) {
            if (name.value().contains("/packs/")) {
                byte[] good = StoreContents.bytes(store, name);
                store.delete(name);
                assertThatThrownBy(() -> SmallRepository.readEverything(store, access))
                        .isInstanceOf(NoSuchObjectException.class)
                        .hasMessage("object \"" + name + "\" does not exist in memory:");
                StoreContents.replace(store, name, good);
            }
        }
    }
}

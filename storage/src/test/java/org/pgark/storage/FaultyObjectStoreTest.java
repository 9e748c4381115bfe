package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultyObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return new FaultyObjectStore(new MemoryStore(), StoreFaults.none());
    }

    @Override
    protected Optional<String> whyTheLargestAreLeftOut() {
        return Optional.of("it is kept in memory");
    }

    @Test
    void diesAtAStepAndStaysDead() throws IOException {
        MemoryStore memory = new MemoryStore();
        ObjectStore faulty = new FaultyObjectStore(memory, StoreFaults.dyingAt(6));
        put(faulty, "a", "1");
        assertThatThrownBy(() -> put(faulty, "b", "2")).hasMessage("died at WRITE of object \"b\"");
        assertThatThrownBy(() -> faulty.size(name("a"))).hasMessage("died at SIZE of object \"a\"");
        assertThat(memory.list(name("b"))).isEmpty();
        assertThat(memory.size(name("a"))).hasValue(1);
    }

    @Test
    void failsOnce() throws IOException {
        ObjectStore faulty = new FaultyObjectStore(new MemoryStore(), StoreFaults.failingAt(4));
        assertThatThrownBy(() -> put(faulty, "a", "1")).hasMessage("failed at COMMITTED of object \"a\"");
        assertThat(faulty.size(name("a"))).hasValue(1);
    }

    @Test
    void runsFull() throws IOException {
        ObjectStore faulty = new FaultyObjectStore(new MemoryStore(), StoreFaults.fullAfter(10));
        put(faulty, "a", "12345678");
        assertThatThrownBy(() -> put(faulty, "b", "123"))
                .hasMessage("cannot write object \"b\": No space left on device");
        assertThat(faulty.size(name("b"))).isEmpty();
    }
}

package org.pgark.storage;

import java.util.Optional;

class MemoryStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() {
        return new MemoryStore();
    }

    @Override
    protected Optional<String> whyTheLargestAreLeftOut() {
        return Optional.of("it is kept in memory");
    }
}

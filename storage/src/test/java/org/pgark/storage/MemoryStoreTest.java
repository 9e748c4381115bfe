package org.pgark.storage;

class MemoryStoreTest extends ObjectStoreContract {
    @Override
    ObjectStore open() {
        return new MemoryStore();
    }
}

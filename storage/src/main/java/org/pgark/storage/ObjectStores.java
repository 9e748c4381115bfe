package org.pgark.storage;

/** Opens the store that a repository's URL names. */
public final class ObjectStores {
    private ObjectStores() {}

    /** Opens a store; nothing is created or read. */
    public static ObjectStore open(RepositoryUrl url) {
        return new LocalDirectoryStore(url.directory());
    }
}

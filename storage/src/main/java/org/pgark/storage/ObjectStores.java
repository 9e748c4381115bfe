package org.pgark.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens the store that a repository's URL names. */
public final class ObjectStores {
    private ObjectStores() {}

    /** Opens a store without further settings; nothing is created or read. */
    public static ObjectStore open(RepositoryUrl url) throws IOException {
        return open(url, StoreSettings.NONE);
    }

    /**
     * Opens a store; nothing is created or read.
     *
     * @throws IOException if a file that the settings name cannot be read, or this installation has no such stores
     * @throws IllegalArgumentException if a setting cannot be
     */
    public static ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        Optional<Path> directory = url.localDirectory();
        if (directory.isPresent()) {
            return new LocalDirectoryStore(directory.get());
        }
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.scheme().equals(url.scheme())) {
                return provider.open(url, settings);
            }
        }
        throw new IOException(
                "this installation cannot reach \"" + url + "\": it has no part for \"" + url.scheme() + ":\"");
    }
}

package org.pgark.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
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
        return provider(url).open(url, settings);
    }

    /**
     * Opens a store as it was at an instant, to be read only; nothing is read.
     *
     * @throws IOException if stores of this kind do not know how they were
     */
    public static ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        if (url.localDirectory().isPresent()) {
            throw noPast(url);
        }
        return provider(url).openAsOf(url, settings, instant);
    }

    static IOException noPast(RepositoryUrl url) {
        return new IOException(
                "\"" + url
                        + "\" cannot be read as it was: only buckets of S3 and Google Cloud Storage can, where versions are kept");
    }

    private static StoreProvider provider(RepositoryUrl url) throws IOException {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.scheme().equals(url.scheme())) {
                return provider;
            }
        }
        throw new IOException(
                "this installation cannot reach \"" + url + "\": it has no part for \"" + url.scheme() + ":\"");
    }
}

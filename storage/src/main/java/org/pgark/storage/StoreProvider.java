package org.pgark.storage;

import java.io.IOException;
import java.time.Instant;

/** Opens the stores of one kind of URL. Found by {@link java.util.ServiceLoader}, so that nobody loads what he does not use. */
public interface StoreProvider {
    /** The scheme of the URLs, for example {@code s3}. */
    String scheme();

    /**
     * Opens a store; nothing is created or read in it.
     *
     * @throws IllegalArgumentException if the URL or a setting cannot be
     */
    ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException;

    /**
     * Opens a store as it was at an instant, to be read only.
     *
     * @throws IOException if stores of this kind do not know
     */
    default ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        throw ObjectStores.noPast(url);
    }
}

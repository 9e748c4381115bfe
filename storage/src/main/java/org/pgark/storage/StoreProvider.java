package org.pgark.storage;

import java.io.IOException;

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
}

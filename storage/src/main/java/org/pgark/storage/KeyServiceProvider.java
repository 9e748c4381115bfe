package org.pgark.storage;

import java.io.IOException;

/** Reaches key management services of one vendor; found by {@link java.util.ServiceLoader}. */
public interface KeyServiceProvider {
    /** The scheme of its URIs, for example {@code aws-kms}. */
    String scheme();

    /**
     * The key of this URI; nothing is asked yet.
     *
     * @param settings how the repository's own service is reached: credentials and region count here, too
     * @throws IllegalArgumentException if the URI does not name a key
     * @throws IOException if a file that the settings name cannot be read
     */
    KeyService open(String uri, StoreSettings settings) throws IOException;
}

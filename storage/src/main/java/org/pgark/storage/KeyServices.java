package org.pgark.storage;

import java.io.IOException;
import java.util.ServiceLoader;

/** Finds the service that a key's URI names. */
public final class KeyServices {
    private KeyServices() {}

    /**
     * The key of this URI; the service is not asked before the key is used.
     *
     * @throws IOException if this installation has no part for it, or the URI names no key
     */
    public static KeyService open(String uri, StoreSettings settings) throws IOException {
        String scheme = uri.substring(0, Math.max(0, uri.indexOf("://")));
        for (KeyServiceProvider provider : ServiceLoader.load(KeyServiceProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                try {
                    return provider.open(uri, settings);
                } catch (IllegalArgumentException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        }
        throw new IOException("this installation cannot reach \"" + uri + "\": it has no part for \"" + scheme + ":\"");
    }
}

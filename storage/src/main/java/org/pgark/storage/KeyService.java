package org.pgark.storage;

import java.io.IOException;
import java.util.Map;

/** A key of a key management service, which never leaves it. For several threads. */
public interface KeyService {
    /**
     * Encrypts a few bytes.
     *
     * @param context what must be said again to decrypt it; a service that knows no such thing is given it as associated data
     * @throws IOException if the service cannot be reached or refuses
     */
    byte[] wrap(byte[] secret, Map<String, String> context) throws IOException;

    /** Decrypts what {@link #wrap} made. */
    byte[] unwrap(byte[] wrapped, Map<String, String> context) throws IOException;
}

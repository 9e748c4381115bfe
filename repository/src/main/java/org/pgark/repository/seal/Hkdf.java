package org.pgark.repository.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF with SHA-256 (RFC 5869), as this Java has it. */
public final class Hkdf {
    private Hkdf() {}

    /**
     * Derives bytes.
     *
     * @param secret what they are derived from; at least as hard to guess as they shall be
     * @param salt anything, public; empty is as zeros
     * @param purpose what they are for: the info of the RFC, in ASCII
     * @param length how many
     */
    public static byte[] derive(byte[] secret, byte[] salt, String purpose, int length) {
        try {
            HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(secret);
            if (salt.length > 0) {
                extract.addSalt(salt);
            }
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(extract.thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is missing in this Java", e);
        }
    }
}

package org.pgark.postgres.wire;

import java.io.ByteArrayOutputStream;
import javax.net.ssl.SSLException;

/** The little DER that it takes to read an EC key in the form of SEC 1. */
final class EcKey {
    /** OBJECT IDENTIFIER id-ecPublicKey. */
    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private EcKey() {}

    /** The AlgorithmIdentifier of a key: its curve stands behind the tag [0], as an object identifier. */
    static byte[] algorithm(byte[] key) throws SSLException {
        for (int index = 0; index + 3 < key.length; index++) {
            boolean found =
                    (key[index] & 0xFF) == 0xA0 && key[index + 2] == 0x06 && key[index + 1] == key[index + 3] + 2;
            if (found && index + 4 + key[index + 3] <= key.length) {
                byte[] curve = java.util.Arrays.copyOfRange(key, index + 2, index + 4 + key[index + 3]);
                return tagged(0x30, joined(EC_PUBLIC_KEY, curve));
            }
        }
        throw new SSLException("could not load private key file: EC key without a named curve");
    }

    static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else if (content.length < 256) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >>> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}

package org.pgark.storage.azure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.pgark.storage.bucket.PartBytes;

/** The sum by which the service sees whether it got what was sent. It guards against accidents only. */
final class Md5 {
    private Md5() {}

    static byte[] of(PartBytes content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(content.array(), 0, content.length());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.pgark.storage.gcs;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.pgark.storage.bucket.PartBytes;

/** CRC-32C as the service takes it: four bytes, highest first, in base64. */
final class GcsChecksum {
    private GcsChecksum() {}

    static String of(PartBytes content) {
        CRC32C crc = new CRC32C();
        crc.update(content.array(), 0, content.length());
        return text(crc);
    }

    static String text(CRC32C crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }
}

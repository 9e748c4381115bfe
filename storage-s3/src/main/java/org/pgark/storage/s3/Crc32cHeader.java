package org.pgark.storage.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.pgark.storage.bucket.PartBytes;

/** CRC-32C as S3 takes it: four bytes, highest first, in base64. */
final class Crc32cHeader {
    private Crc32cHeader() {}

    static String of(PartBytes content) {
        CRC32C crc = new CRC32C();
        crc.update(content.array(), 0, content.length());
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }
}

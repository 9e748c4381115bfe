package org.pgark.postgres.wal.dump;

/**
 * PostgreSQL's own compression. A control byte tells of the next eight items, lowest bit first: 0 a byte as it is, 1 a
 * copy of earlier output, two bytes (upper half of the first and the second: how far back; lower half: length - 3), and
 * a third, to be added, where the length is 18. Source of the format: common/pg_lzcompress.c.
 */
final class Pglz implements PageDecompressor {
    @Override
    public byte[] decompress(byte[] compressed, int size) throws DamagedImageException {
        byte[] result = new byte[size];
        int at = 0;
        int filled = 0;
        try {
            while (at < compressed.length && filled < size) {
                int control = compressed[at++];
                for (int bit = 0; bit < 8 && at < compressed.length && filled < size; bit++) {
                    if ((control & 1 << bit) == 0) {
                        result[filled++] = compressed[at++];
                        continue;
                    }
                    int length = (compressed[at] & 0x0F) + 3;
                    int distance = (compressed[at] & 0xF0) << 4 | Byte.toUnsignedInt(compressed[at + 1]);
                    at += 2;
                    if (length == 18) {
                        length += Byte.toUnsignedInt(compressed[at++]);
                    }
                    filled = Copies.copyBack(result, filled, distance, Math.min(length, size - filled));
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new DamagedImageException("compressed image is damaged");
        }
        if (filled != size || at != compressed.length) {
            throw new DamagedImageException("compressed image is damaged");
        }
        return result;
    }
}

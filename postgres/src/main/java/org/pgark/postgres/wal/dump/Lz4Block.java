package org.pgark.postgres.wal.dump;

/**
 * A block of LZ4: sequences of a token (upper half: count of literals, lower half: length of a copy - 4; 15 means that
 * bytes follow that add to it, up to one that is not 255), literals, and two bytes for how far back the copy lies, which
 * the last sequence does without.
 */
final class Lz4Block implements PageDecompressor {
    @Override
    public byte[] decompress(byte[] compressed, int size) throws DamagedImageException {
        byte[] result = new byte[size];
        int at = 0;
        int filled = 0;
        try {
            while (at < compressed.length) {
                int token = Byte.toUnsignedInt(compressed[at++]);
                int literals = token >> 4;
                if (literals == 15) {
                    int more;
                    do {
                        more = Byte.toUnsignedInt(compressed[at++]);
                        literals += more;
                    } while (more == 255);
                }
                System.arraycopy(compressed, at, result, filled, literals);
                at += literals;
                filled += literals;
                if (at == compressed.length) {
                    break;
                }
                int distance = Byte.toUnsignedInt(compressed[at]) | Byte.toUnsignedInt(compressed[at + 1]) << 8;
                at += 2;
                int length = (token & 15) + 4;
                if (length == 19) {
                    int more;
                    do {
                        more = Byte.toUnsignedInt(compressed[at++]);
                        length += more;
                    } while (more == 255);
                }
                filled = Copies.copyBack(result, filled, distance, length);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new DamagedImageException("compressed image is damaged");
        }
        if (filled != size) {
            throw new DamagedImageException("compressed image is damaged");
        }
        return result;
    }
}

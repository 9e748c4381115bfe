package org.pgark.physical.storedbackup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The members of a tar archive as the server writes it, one after the other. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int TYPE_AT = 156;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private String name = "";
    private long size;
    private long left;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next member; false at the archive's end. */
    boolean next() throws IOException {
        skip(left + padding);
        int read = in.readNBytes(header, 0, BLOCK);
        if (read == 0) {
            return false;
        }
        if (read < BLOCK) {
            throw endedEarly();
        }
        if (isZero()) {
            return false;
        }
        int end = 0;
        while (end < NAME_BYTES && header[end] != 0) {
            end++;
        }
        name = new String(header, 0, end, StandardCharsets.UTF_8);
        if (name.isEmpty()) {
            throw new StoredBackupException("tar member has empty name");
        }
        size = isRegular() ? number() : 0;
        left = size;
        padding = (BLOCK - size % BLOCK) % BLOCK;
        return true;
    }

    private boolean isZero() {
        for (byte value : header) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** The size field: octal digits, or with the highest bit a number of base 256. */
    private long number() throws IOException {
        long value = 0;
        if (header[SIZE_AT] < 0) {
            for (int i = 1; i < 12; i++) {
                value = value << 8 | Byte.toUnsignedInt(header[SIZE_AT + i]);
            }
            return value;
        }
        for (int i = 0; i < 12 && header[SIZE_AT + i] >= '0' && header[SIZE_AT + i] <= '7'; i++) {
            value = value << 3 | (header[SIZE_AT + i] - '0');
        }
        return value;
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    /** Whether it is a file with content. */
    boolean isRegular() {
        return header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
    }

    /** Reads some of the member's content; -1 at its end. */
    int read(byte[] target) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = in.read(target, 0, (int) Math.min(target.length, left));
        if (read < 0) {
            throw endedEarly();
        }
        left -= read;
        return read;
    }

    private void skip(long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw endedEarly();
        }
        left = 0;
        padding = 0;
    }

    private static StoredBackupException endedEarly() {
        return new StoredBackupException("COPY stream ended before last file was finished");
    }
}

package org.pgark.logical.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads the numbers and texts of an archive: a number is a sign byte and its bytes from the lowest, a text its length and
 * its bytes, with -1 for NULL (ReadInt and ReadStr of pg_backup_archiver.c). Texts are bytes in whatever encoding the dump
 * was made; each becomes one character.
 */
final class ArchiveDecoder {
    private static final int CHUNK = 64 << 10;

    private final InputStream in;
    private ArchiveVersion version = ArchiveVersion.V1_16;
    private int integerSize = 4;
    private int offsetSize = 8;

    ArchiveDecoder(InputStream in) {
        this.in = in;
    }

    /** What the head says of all that follows. */
    void setLayout(ArchiveVersion of, int integerBytes, int offsetBytes) {
        version = of;
        integerSize = integerBytes;
        offsetSize = offsetBytes;
    }

    ArchiveVersion version() {
        return version;
    }

    int readByte() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw ArchiveInput.endOfFile();
        }
        return value;
    }

    int readInt() throws IOException {
        boolean negative = version.compareTo(ArchiveVersion.V1_0) > 0 && readByte() != 0;
        int value = 0;
        for (int index = 0; index < integerSize; index++) {
            int part = readByte();
            if (index < Integer.BYTES) {
                value |= part << (index * 8);
            }
        }
        return negative ? -value : value;
    }

    /** A text, or nothing for NULL. It is read piece by piece: a damaged length must not take all memory. */
    Optional<String> readString() throws IOException {
        int length = readInt();
        if (length < 0) {
            return Optional.empty();
        }
        if (length <= CHUNK) {
            return Optional.of(new String(exactly(length), StandardCharsets.ISO_8859_1));
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(CHUNK);
        for (int left = length; left > 0; ) {
            byte[] piece = exactly(Math.min(left, CHUNK));
            text.write(piece);
            left -= piece.length;
        }
        return Optional.of(text.toString(StandardCharsets.ISO_8859_1));
    }

    String readText() throws IOException {
        return readString().orElse("");
    }

    byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw ArchiveInput.endOfFile();
        }
        return bytes;
    }

    DataPlace.Offset readOffset() throws IOException {
        if (!version.isAtLeast(ArchiveVersion.V1_7)) {
            int number = readInt();
            return number < 0
                    ? new DataPlace.Offset(DataPlace.Offset.State.NOT_SET, 0)
                    : new DataPlace.Offset(
                            number == 0 ? DataPlace.Offset.State.NO_DATA : DataPlace.Offset.State.SET, number);
        }
        DataPlace.Offset.State state = DataPlace.Offset.State.of(readByte());
        long offset = 0;
        for (int index = 0; index < offsetSize; index++) {
            int part = readByte();
            if (index < Long.BYTES) {
                offset |= (long) part << (index * 8);
            } else if (part != 0) {
                throw new ArchiveException("file offset in dump file is too large");
            }
        }
        return new DataPlace.Offset(state, offset);
    }
}

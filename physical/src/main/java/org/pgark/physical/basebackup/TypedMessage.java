package org.pgark.physical.basebackup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.pgark.postgres.wire.CopyOut;

/** The messages of which servers from 15 on make up the one COPY that holds all archives and the manifest. */
final class TypedMessage {
    private TypedMessage() {}

    /** Takes what messages say. */
    interface Target {
        /** A new archive, of a tablespace at a location, or of the data directory if that is empty. */
        void beginArchive(String name, String location) throws IOException;

        /** Some bytes of the archive, or of the manifest once it was begun. */
        void data(byte[] buffer, int offset, int length) throws IOException;

        /** So many bytes of the current tablespace are done. */
        void progress(long bytes) throws IOException;

        /** The manifest follows. */
        void beginManifest() throws IOException;
    }

    /** Tells a target what the current message of a COPY says. */
    static void take(CopyOut copy, Target target) throws IOException {
        byte[] buffer = copy.buffer();
        int offset = copy.offset();
        int length = copy.length();
        if (length == 0) {
            throw new BaseBackupException("empty COPY message");
        }
        int end = offset + length;
        switch (buffer[offset]) {
            case 'n' -> {
                int nameEnd = textEnd(buffer, offset + 1, end, length);
                int locationEnd = textEnd(buffer, nameEnd + 1, end, length);
                checkLength(buffer[offset], locationEnd + 1 == end, length);
                target.beginArchive(
                        checkedName(new String(buffer, offset + 1, nameEnd - offset - 1, StandardCharsets.UTF_8)),
                        new String(buffer, nameEnd + 1, locationEnd - nameEnd - 1, StandardCharsets.UTF_8));
            }
            case 'd' -> target.data(buffer, offset + 1, length - 1);
            case 'p' -> {
                checkLength(buffer[offset], length == 9, length);
                long done = 0;
                for (int index = 1; index <= 8; index++) {
                    done = done << 8 | (buffer[offset + index] & 0xFF);
                }
                target.progress(done);
            }
            case 'm' -> {
                checkLength(buffer[offset], length == 1, length);
                target.beginManifest();
            }
            default -> throw malformed(buffer[offset], length);
        }
    }

    private static String checkedName(String name) throws BaseBackupException {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
            throw new BaseBackupException("invalid archive name: \"" + name + "\"");
        }
        return name;
    }

    private static int textEnd(byte[] buffer, int from, int end, int length) throws BaseBackupException {
        for (int index = from; index < end; index++) {
            if (buffer[index] == 0) {
                return index;
            }
        }
        throw malformed('n', length);
    }

    private static void checkLength(int kind, boolean right, int length) throws BaseBackupException {
        if (!right) {
            throw malformed(kind, length);
        }
    }

    private static BaseBackupException malformed(int kind, int length) {
        return new BaseBackupException("malformed COPY message of type " + kind + ", length " + length);
    }
}

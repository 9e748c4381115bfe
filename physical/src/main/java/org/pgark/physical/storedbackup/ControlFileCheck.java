package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.pgark.postgres.PostgresMajor;

/** What pg_control says of the cluster, once its CRC is right. */
record ControlFileCheck(PostgresMajor major, long systemIdentifier, int checksumVersion) {
    static final String PATH = "global/pg_control";

    private static final int LEAST_BYTES = 296;
    private static final int CHECKSUM_VERSION_OF_13 = 252;

    /** @param name how the file is called in messages */
    static ControlFileCheck read(Path file, String name) throws IOException {
        byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(8192);
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", name, e);
        }
        if (content.length < LEAST_BYTES) {
            throw new StoredBackupException(
                    "could not read file \"" + name + "\": read " + content.length + " of " + LEAST_BYTES);
        }
        return of(content, name);
    }

    static ControlFileCheck of(byte[] content, String name) throws StoredBackupException {
        ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int version = fields.getInt(8);
        int catalogue = fields.getInt(12);
        boolean known = false;
        for (PostgresMajor major : PostgresMajor.values()) {
            if (major.controlVersion() == version) {
                known = true;
                if (major.catalogVersion() == catalogue && hasRightCrc(content, major)) {
                    return new ControlFileCheck(major, fields.getLong(0), fields.getInt(CHECKSUM_VERSION_OF_13));
                }
                if (major.catalogVersion() == catalogue) {
                    throw new StoredBackupException(name + ": CRC is incorrect");
                }
            }
        }
        throw new StoredBackupException(name + (known ? ": CRC is incorrect" : ": unexpected control file version"));
    }

    private static boolean hasRightCrc(byte[] content, PostgresMajor major) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, major.controlCrcOffset());
        ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return (int) crc.getValue() == fields.getInt(major.controlCrcOffset());
    }

    void compare(String name, long expected) throws StoredBackupException {
        if (systemIdentifier != expected) {
            throw new StoredBackupException(name + ": manifest system identifier is "
                    + Long.toUnsignedString(expected) + ", but control file has "
                    + Long.toUnsignedString(systemIdentifier));
        }
    }
}

package org.pgark.postgres.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * Where pg_control keeps what. {@code struct ControlFileData} is written as it lies in memory, little-endian and with the
 * compiler's padding. Up to the checksum version all of 13 to 18 agree: 17 put a field of {@code struct CheckPoint} into
 * what had been padding, 18 put one after the checksum version, which moved the CRC.
 */
final class ControlFileLayout {
    private static final int SYSTEM_IDENTIFIER = 0;
    private static final int CONTROL_VERSION = 8;
    private static final int CATALOG_VERSION = 12;
    private static final int STATE = 16;
    private static final int MODIFIED = 24;
    private static final int CHECKPOINT = 32;
    private static final int REDO = 40;
    private static final int TIMELINE = 48;
    private static final int PREVIOUS_TIMELINE = 52;
    private static final int FULL_PAGE_WRITES = 56;
    private static final int NEXT_TRANSACTION = 64;
    private static final int CHECKPOINT_TIME = 104;
    private static final int MINIMUM_RECOVERY_POINT = 136;
    private static final int MINIMUM_RECOVERY_TIMELINE = 144;
    private static final int BACKUP_START = 152;
    private static final int BACKUP_END = 160;
    private static final int BACKUP_END_REQUIRED = 168;
    private static final int WAL_LEVEL = 172;
    private static final int BLOCK_SIZE = 216;
    private static final int RELATION_SEGMENT_BLOCKS = 220;
    private static final int WAL_BLOCK_SIZE = 224;
    private static final int WAL_SEGMENT_SIZE = 228;
    private static final int DATA_CHECKSUM_VERSION = 252;

    private final ByteBuffer content;
    private final String file;

    private ControlFileLayout(byte[] content, String file) {
        this.content = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
    }

    static ControlFile read(byte[] content, String file) throws DamagedFileException {
        if (content.length != ControlFile.FILE_BYTES) {
            throw new DamagedFileException(
                    file, "it has " + content.length + " bytes instead of " + ControlFile.FILE_BYTES);
        }
        return new ControlFileLayout(content, file).read();
    }

    private ControlFile read() throws DamagedFileException {
        PostgresMajor major = major();
        checkCrc(major);
        try {
            return fields(major);
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(file, String.valueOf(e.getMessage()));
        }
    }

    private ControlFile fields(PostgresMajor major) throws DamagedFileException {
        return new ControlFile(
                new SystemIdentifier(content.getLong(SYSTEM_IDENTIFIER)),
                major,
                ordinal(ClusterState.values(), STATE, "state"),
                seconds(MODIFIED),
                lsn(CHECKPOINT),
                lsn(REDO),
                new Timeline(content.getInt(TIMELINE)),
                new Timeline(content.getInt(PREVIOUS_TIMELINE)),
                flag(FULL_PAGE_WRITES),
                content.getLong(NEXT_TRANSACTION),
                seconds(CHECKPOINT_TIME),
                lsn(MINIMUM_RECOVERY_POINT),
                content.getInt(MINIMUM_RECOVERY_TIMELINE),
                lsn(BACKUP_START),
                lsn(BACKUP_END),
                flag(BACKUP_END_REQUIRED),
                ordinal(WalLevel.values(), WAL_LEVEL, "wal_level"),
                content.getInt(BLOCK_SIZE),
                content.getInt(RELATION_SEGMENT_BLOCKS),
                content.getInt(WAL_BLOCK_SIZE),
                new WalSegmentSize(content.getInt(WAL_SEGMENT_SIZE)),
                content.getInt(DATA_CHECKSUM_VERSION));
    }

    private PostgresMajor major() throws DamagedFileException {
        int controlVersion = content.getInt(CONTROL_VERSION);
        int catalogVersion = content.getInt(CATALOG_VERSION);
        for (PostgresMajor major : PostgresMajor.values()) {
            if (major.controlVersion() == controlVersion && major.catalogVersion() == catalogVersion) {
                return major;
            }
        }
        throw new DamagedFileException(
                file,
                "control version " + Integer.toUnsignedString(controlVersion) + " with catalog version "
                        + Integer.toUnsignedString(catalogVersion) + " is of no PostgreSQL from 13 to 18");
    }

    private void checkCrc(PostgresMajor major) throws DamagedFileException {
        CRC32C crc = new CRC32C();
        crc.update(content.array(), 0, major.controlCrcOffset());
        if ((int) crc.getValue() != content.getInt(major.controlCrcOffset())) {
            throw new DamagedFileException(file, "its CRC is wrong");
        }
    }

    private <E> E ordinal(E[] values, int offset, String field) throws DamagedFileException {
        int number = content.getInt(offset);
        if (number < 0 || number >= values.length) {
            throw new DamagedFileException(file, "unknown " + field + " " + number);
        }
        return values[number];
    }

    private Lsn lsn(int offset) {
        return new Lsn(content.getLong(offset));
    }

    private Instant seconds(int offset) {
        return Instant.ofEpochSecond(content.getLong(offset));
    }

    private boolean flag(int offset) {
        return content.get(offset) != 0;
    }
}

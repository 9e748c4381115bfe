package org.pgark.postgres.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/** Reads restore points out of records: {@code xl_restore_point} of access/xlog_internal.h, a time and a name. */
final class RestorePoints {
    private static final int KIND = 0x70;
    private static final int NAME_BYTES = 64;

    private RestorePoints() {}

    static Optional<RestorePoint> of(WalRecord record) {
        if (record.resourceManager() != ResourceManager.XLOG
                || record.kind() != KIND
                || record.mainDataBytes() < Long.BYTES + NAME_BYTES) {
            return Optional.empty();
        }
        byte[] name = new byte[NAME_BYTES];
        int length = 0;
        while (length < NAME_BYTES && record.mainDataByte(Long.BYTES + length) != 0) {
            name[length] = record.mainDataByte(Long.BYTES + length);
            length++;
        }
        return Optional.of(new RestorePoint(
                new String(name, 0, length, UTF_8),
                ServerTime.toInstant(record.mainDataLong(0)),
                record.start(),
                record.end()));
    }
}

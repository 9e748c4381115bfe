package org.pgark.logical.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the head of an archive (ReadHead of pg_backup_archiver.c). */
final class HeadReader {
    static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_INTEGER_BYTES = 32;

    private final ArchiveDecoder in;
    private final ArchiveMessages messages;
    private final ZoneId zone;

    HeadReader(ArchiveDecoder in, ArchiveMessages messages, ZoneId zone) {
        this.in = in;
        this.messages = messages;
        this.zone = zone;
    }

    ArchiveHead read(ArchiveFormat format) throws IOException {
        if (!Arrays.equals(in.exactly(MAGIC.length), MAGIC)) {
            throw new ArchiveException("did not find magic string in file header");
        }
        int major = in.readByte();
        int minor = in.readByte();
        int revision = major > 1 || (major == 1 && minor > 0) ? in.readByte() : 0;
        ArchiveVersion version = new ArchiveVersion(major, minor, revision);
        if (!version.isAtLeast(ArchiveVersion.V1_0) || version.compareTo(ArchiveVersion.NEWEST_READABLE) > 0) {
            throw new ArchiveException("unsupported version (" + major + "." + minor + ") in file header");
        }
        int integerSize = in.readByte();
        if (integerSize > MOST_INTEGER_BYTES) {
            throw new ArchiveException("sanity check on integer size (" + integerSize + ") failed");
        }
        if (integerSize > Integer.BYTES) {
            messages.warning("archive was made on a machine with larger integers, some operations might fail");
        }
        int offsetSize = version.isAtLeast(ArchiveVersion.V1_7) ? in.readByte() : integerSize;
        in.setLayout(version, integerSize, offsetSize);
        int found = in.readByte();
        if (found != format.number()) {
            throw new ArchiveException(
                    "expected format (" + format.number() + ") differs from format found in file (" + found + ")");
        }
        Compression compression = compression();
        Optional<ZonedDateTime> created = Optional.empty();
        String database = "";
        if (version.isAtLeast(ArchiveVersion.V1_4)) {
            created = time();
            database = in.readText();
        }
        boolean saysVersions = version.isAtLeast(ArchiveVersion.V1_10);
        return new ArchiveHead(
                version,
                integerSize,
                offsetSize,
                format,
                compression,
                created,
                database,
                saysVersions ? in.readText() : "",
                saysVersions ? in.readText() : "");
    }

    private Compression compression() throws IOException {
        ArchiveVersion version = in.version();
        if (version.isAtLeast(ArchiveVersion.V1_15)) {
            return new Compression(CompressionMethod.of(in.readByte()), OptionalInt.empty(), false);
        }
        if (!version.isAtLeast(ArchiveVersion.V1_2)) {
            return Compression.DEFAULT;
        }
        int level = version.isAtLeast(ArchiveVersion.V1_4) ? in.readInt() : in.readByte();
        return level == 0 ? Compression.NONE : new Compression(CompressionMethod.GZIP, OptionalInt.of(level), false);
    }

    private Optional<ZonedDateTime> time() throws IOException {
        int second = in.readInt();
        int minute = in.readInt();
        int hour = in.readInt();
        int day = in.readInt();
        int month = in.readInt() + 1;
        int year = in.readInt() + 1900;
        boolean summer = in.readInt() > 0;
        try {
            ZonedDateTime time = LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59))
                    .atZone(zone);
            // Where the clock was put back, the same hour came twice.
            return Optional.of(summer ? time.withEarlierOffsetAtOverlap() : time.withLaterOffsetAtOverlap());
        } catch (DateTimeException e) {
            messages.warning("invalid creation date in header");
            return Optional.empty();
        }
    }
}

package org.pgark.logical.archive;

import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands before an archive's table of contents.
 *
 * @param version the version of the layout
 * @param integerSize the bytes of a number, without its sign
 * @param offsetSize the bytes of a place in the file
 * @param format the format
 * @param compression how the data is compressed
 * @param created when the dump was made; older heads have no time
 * @param database the database's name, or empty
 * @param serverVersion what the server said of its version, or empty
 * @param dumpVersion the version of the program that wrote it, or empty
 */
public record ArchiveHead(
        ArchiveVersion version,
        int integerSize,
        int offsetSize,
        ArchiveFormat format,
        Compression compression,
        Optional<ZonedDateTime> created,
        String database,
        String serverVersion,
        String dumpVersion) {
    /** Checks that all is there. */
    public ArchiveHead {
        Objects.requireNonNull(version, "version is null");
        Objects.requireNonNull(format, "format is null");
        Objects.requireNonNull(compression, "compression is null");
        Objects.requireNonNull(created, "created is null");
        Objects.requireNonNull(database, "database is null");
        Objects.requireNonNull(serverVersion, "serverVersion is null");
        Objects.requireNonNull(dumpVersion, "dumpVersion is null");
    }

    /** Whether the data of large objects makes them too, as it did before version 1.12. */
    public boolean makesLargeObjects() {
        return !version.isAtLeast(ArchiveVersion.V1_12);
    }
}

package org.pgark.logical.archive;

import java.nio.charset.Charset;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.pgark.postgres.PostgresMajor;

/**
 * What a dump says of itself.
 *
 * @param database the database's name
 * @param serverVersion what the server says of its version
 * @param dumpVersion the version of the program, for example {@code 18.6 (pgark 0.1.0)}
 * @param created when the dump began, in the zone that lists show
 * @param release the version of pg_dump that is stood in for
 * @param charset how the texts of entries become bytes: the charset of the connection
 */
public record DumpHead(
        String database,
        String serverVersion,
        String dumpVersion,
        ZonedDateTime created,
        PostgresMajor release,
        Charset charset) {
    /** Checks that all is there. */
    public DumpHead {
        Objects.requireNonNull(database, "database is null");
        Objects.requireNonNull(serverVersion, "serverVersion is null");
        Objects.requireNonNull(dumpVersion, "dumpVersion is null");
        Objects.requireNonNull(created, "created is null");
        Objects.requireNonNull(release, "release is null");
        Objects.requireNonNull(charset, "charset is null");
    }
}

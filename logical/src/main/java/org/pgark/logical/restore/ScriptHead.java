package org.pgark.logical.restore;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.pgark.logical.archive.ArchiveHead;
import org.pgark.logical.archive.DumpHead;

/**
 * What a script says of the dump that it comes from.
 *
 * @param serverVersion the server's version, or empty
 * @param dumpVersion the version of the program that made the dump, or empty
 * @param created when it was made
 * @param makesLargeObjects whether the data of large objects makes them too, as it did before archive version 1.12
 */
record ScriptHead(
        String serverVersion, String dumpVersion, Optional<ZonedDateTime> created, boolean makesLargeObjects) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

    ScriptHead {
        Objects.requireNonNull(serverVersion, "serverVersion is null");
        Objects.requireNonNull(dumpVersion, "dumpVersion is null");
        Objects.requireNonNull(created, "created is null");
    }

    static ScriptHead of(ArchiveHead head) {
        return new ScriptHead(head.serverVersion(), head.dumpVersion(), head.created(), head.makesLargeObjects());
    }

    static ScriptHead of(DumpHead head) {
        return new ScriptHead(head.serverVersion(), head.dumpVersion(), Optional.of(head.created()), false);
    }

    /** A time as C's {@code %Y-%m-%d %H:%M:%S %Z} shows it. */
    static String time(ZonedDateTime time) {
        return TIME.format(time);
    }
}

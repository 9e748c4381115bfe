package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * What tells one state of a file from another: PostgreSQL uses a segment's file again, under another name and with other
 * content, and then its modification time differs.
 *
 * @param inode the file's number in its file system
 * @param size in bytes
 * @param modified when its content was last changed
 */
public record FileIdentity(long inode, long size, Instant modified) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.nnnnnnnnn '+0000'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The present state of a file. */
    public static FileIdentity of(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,size,lastModifiedTime");
        Object inode = attributes.get("ino");
        Object size = attributes.get("size");
        Object modified = attributes.get("lastModifiedTime");
        if (inode instanceof Long number && size instanceof Long bytes && modified instanceof FileTime time) {
            return new FileIdentity(number, bytes, time.toInstant());
        }
        throw new IOException("cannot tell the inode, size and modification time of \"" + file + "\"");
    }

    /** As {@code TZ=UTC0 stat -c '%i %s %y'} of GNU coreutils prints it. */
    @Override
    public String toString() {
        return inode + " " + size + " " + TIME.format(modified);
    }
}

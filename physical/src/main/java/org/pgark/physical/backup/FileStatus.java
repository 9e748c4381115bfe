package org.pgark.physical.backup;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pgark.postgres.datadir.FileType;

/**
 * What stat(2) says of a file.
 *
 * @param mode type and permissions as in st_mode
 * @param owner the user's number
 * @param group the group's number
 * @param size in bytes
 * @param modifiedMicros microseconds since 1970
 */
record FileStatus(int mode, int owner, int group, long size, long modifiedMicros) {
    private static final String ASKED = "unix:mode,uid,gid,size,lastModifiedTime";
    private static final int TYPE = 0170000;
    static final int DIRECTORY = 0040000;
    static final int FILE = 0100000;
    static final int LINK = 0120000;

    /** Reads the attributes of the thing itself, not of what a link leads to. */
    static FileStatus read(Path place) throws IOException {
        return of(Files.readAttributes(place, ASKED, LinkOption.NOFOLLOW_LINKS));
    }

    /** Reads the attributes of what a link leads to. */
    static FileStatus ofTarget(Path place) throws IOException {
        return of(Files.readAttributes(place, ASKED));
    }

    private static FileStatus of(Map<String, Object> values) {
        return new FileStatus(
                value(values, "mode", Integer.class),
                value(values, "uid", Integer.class),
                value(values, "gid", Integer.class),
                value(values, "size", Long.class),
                value(values, "lastModifiedTime", FileTime.class).to(TimeUnit.MICROSECONDS));
    }

    private static <T> T value(Map<String, Object> values, String name, Class<T> type) {
        return type.cast(requireNonNull(values.get(name), name));
    }

    FileType type() {
        return switch (mode & TYPE) {
            case DIRECTORY -> FileType.DIRECTORY;
            case FILE -> FileType.REGULAR;
            case LINK -> FileType.SYMBOLIC_LINK;
            default -> FileType.OTHER;
        };
    }

    /** The permission bits alone. */
    int permissions() {
        return mode & 07777;
    }
}

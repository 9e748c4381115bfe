package org.pgark.physical.remote;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What is known of a remote file.
 *
 * @param mode type and permissions as in st_mode
 * @param size in bytes
 * @param modified when it was changed last
 */
record RemoteStatus(int mode, long size, FileTime modified) implements BasicFileAttributes {
    static final int DIRECTORY = 0040000;
    static final int FILE = 0100000;
    static final int LINK = 0120000;

    private static final int TYPE = 0170000;
    /** Nobody's number: a restore goes by the name. */
    private static final int OWNER = 65534;

    /** By the names that the view "unix" has. */
    Map<String, Object> unix() {
        return Map.of(
                "mode",
                mode,
                "uid",
                OWNER,
                "gid",
                OWNER,
                "size",
                size,
                "lastModifiedTime",
                modified,
                "owner",
                "postgres",
                "group",
                "postgres");
    }

    @Override
    public FileTime lastModifiedTime() {
        return modified;
    }

    @Override
    public FileTime lastAccessTime() {
        return modified;
    }

    @Override
    public FileTime creationTime() {
        return modified;
    }

    @Override
    public boolean isRegularFile() {
        return (mode & TYPE) == FILE;
    }

    @Override
    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    @Override
    public boolean isSymbolicLink() {
        return (mode & TYPE) == LINK;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public Object fileKey() {
        return this;
    }
}

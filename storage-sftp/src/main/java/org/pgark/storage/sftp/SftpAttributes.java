package org.pgark.storage.sftp;

/**
 * What a server says of a file.
 *
 * @param size in bytes, or -1 if it does not say
 * @param mode the file's kind and permissions as POSIX has them, or 0 if it does not say
 * @param modified when it was last changed, in seconds since 1970
 */
record SftpAttributes(long size, int mode, long modified) {
    private static final int KIND = 0xF000;
    private static final int FOLDER = 0x4000;
    private static final int FILE = 0x8000;

    boolean isFolder() {
        return (mode & KIND) == FOLDER;
    }

    /** Whether it is a file with content; where no kind is told, having a size is enough. */
    boolean isFile() {
        return (mode & KIND) == FILE || ((mode & KIND) == 0 && size >= 0);
    }
}

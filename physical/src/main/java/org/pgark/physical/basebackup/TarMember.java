package org.pgark.physical.basebackup;

/**
 * One member of a tar archive.
 *
 * @param name its path
 * @param size its bytes
 * @param mode its permissions
 * @param kind what it is
 * @param linkTarget where a symbolic link leads
 */
record TarMember(String name, long size, int mode, Kind kind, String linkTarget) {
    enum Kind {
        FILE,
        DIRECTORY,
        LINK
    }

    static TarMember file(String name, long size, boolean groupReads) {
        return new TarMember(name, size, groupReads ? 0640 : 0600, Kind.FILE, "");
    }

    TarMember withSize(long other) {
        return new TarMember(name, other, mode, kind, linkTarget);
    }
}

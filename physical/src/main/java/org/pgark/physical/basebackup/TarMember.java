package org.pgark.physical.basebackup;

/**
 * One member of a tar archive.
 *
 * @param name its path
 * @param size its bytes
 * @param mode its permissions
 * @param kind what it is
 * @param linkTarget where a symbolic link leads
 * @param stamp whose it is, and since when
 */
public record TarMember(String name, long size, int mode, Kind kind, String linkTarget, Stamp stamp) {
    /** What a member can be. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK
    }

    /**
     * Whose a member is, and when it was changed last.
     *
     * @param owner the user's number
     * @param group the group's number
     * @param modified seconds since 1970
     */
    public record Stamp(int owner, int group, long modified) {
        static final Stamp NONE = new Stamp(0, 0, 0);
    }

    static TarMember file(String name, long size, boolean groupReads) {
        return new TarMember(name, size, groupReads ? 0640 : 0600, Kind.FILE, "", Stamp.NONE);
    }

    TarMember withSize(long other) {
        return new TarMember(name, other, mode, kind, linkTarget, stamp);
    }
}

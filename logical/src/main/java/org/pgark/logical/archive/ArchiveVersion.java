package org.pgark.logical.archive;

import org.pgark.postgres.PostgresMajor;

/**
 * The version of an archive's layout, as its head names it.
 *
 * @param major the first number
 * @param minor the second number
 * @param revision the third number
 */
public record ArchiveVersion(int major, int minor, int revision) implements Comparable<ArchiveVersion> {
    static final ArchiveVersion V1_0 = of(0);
    static final ArchiveVersion V1_2 = of(2);
    static final ArchiveVersion V1_3 = of(3);
    static final ArchiveVersion V1_4 = of(4);
    static final ArchiveVersion V1_5 = of(5);
    static final ArchiveVersion V1_6 = of(6);
    static final ArchiveVersion V1_7 = of(7);
    static final ArchiveVersion V1_8 = of(8);
    static final ArchiveVersion V1_9 = of(9);
    static final ArchiveVersion V1_10 = of(10);
    static final ArchiveVersion V1_11 = of(11);
    static final ArchiveVersion V1_12 = of(12);
    static final ArchiveVersion V1_14 = of(14);
    static final ArchiveVersion V1_15 = of(15);
    static final ArchiveVersion V1_16 = of(16);

    /** Newer revisions of 1.16 can be read. */
    static final ArchiveVersion NEWEST_READABLE = new ArchiveVersion(1, 16, 255);

    private static ArchiveVersion of(int minor) {
        return new ArchiveVersion(1, minor, 0);
    }

    /** What pg_dump of this version writes. */
    public static ArchiveVersion writtenBy(PostgresMajor release) {
        return switch (release) {
            case V13, V14, V15 -> V1_14;
            case V16 -> V1_15;
            case V17, V18 -> V1_16;
        };
    }

    boolean isAtLeast(ArchiveVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ArchiveVersion other) {
        return Integer.compare(number(), other.number());
    }

    private int number() {
        return (major * 256 + minor) * 256 + revision;
    }
}

package org.pgark.logical.archive;

/** The part of a dump that an entry belongs to. */
public enum Section {
    /** Follows the entry that it depends on: comments, privileges, security labels. */
    NONE(1),
    PRE_DATA(2),
    DATA(3),
    POST_DATA(4);

    private final int number;

    Section(int number) {
        this.number = number;
    }

    /** The number in an archive. */
    int number() {
        return number;
    }

    static Section of(int number) throws ArchiveException {
        for (Section section : values()) {
            if (section.number == number) {
                return section;
            }
        }
        throw new ArchiveException("unexpected section code " + number);
    }
}

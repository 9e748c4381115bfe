package org.pgark.logical.archive;

/** The part of a dump that an entry belongs to; the order is that in which archives number them, from 1. */
public enum Section {
    /** Follows the entry that it depends on: comments, privileges, security labels. */
    NONE,
    PRE_DATA,
    DATA,
    POST_DATA;

    /** The number in an archive. */
    int number() {
        return ordinal() + 1;
    }

    static Section of(int number) throws ArchiveException {
        if (number < 1 || number > values().length) {
            throw new ArchiveException("unexpected section code " + number);
        }
        return values()[number - 1];
    }
}

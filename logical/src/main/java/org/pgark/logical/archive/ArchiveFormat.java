package org.pgark.logical.archive;

/** The archives that pg_restore reads. */
public enum ArchiveFormat {
    CUSTOM(1, "CUSTOM"),
    TAR(3, "TAR"),
    /** Has tar's number in its head. */
    DIRECTORY(3, "DIRECTORY");

    private final int number;
    private final String label;

    ArchiveFormat(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The number in the head. */
    int number() {
        return number;
    }

    /** The name in an archive's list. */
    public String label() {
        return label;
    }
}

package org.pgark.postgres.datadir;

/** The files that a relation consists of, in the order of {@code ForkNumber} of common/relpath.h. */
public enum Fork {
    MAIN(""),
    FREE_SPACE_MAP("_fsm"),
    VISIBILITY_MAP("_vm"),
    INIT("_init");

    private final String suffix;

    Fork(String suffix) {
        this.suffix = suffix;
    }

    /** What the file's name has after the relation's number, empty for the main fork. */
    public String suffix() {
        return suffix;
    }
}

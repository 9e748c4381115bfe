package org.pgark.postgres.datadir;

/** The files that a relation consists of, in the order of {@code ForkNumber} of common/relpath.h. */
public enum Fork {
    MAIN(0, ""),
    FREE_SPACE_MAP(1, "_fsm"),
    VISIBILITY_MAP(2, "_vm"),
    INIT(3, "_init");

    private static final Fork[] BY_NUMBER = values();

    private final int number;
    private final String suffix;

    Fork(int number, String suffix) {
        this.number = number;
        this.suffix = suffix;
    }

    /** What the file's name has after the relation's number, empty for the main fork. */
    public String suffix() {
        return suffix;
    }

    /** What a server's catalogues and WAL call the fork. */
    public int number() {
        return number;
    }

    /**
     * The fork that a server's catalogues and WAL give this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Fork ofNumber(int number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new IllegalArgumentException("invalid number of a fork: " + number);
        }
        return BY_NUMBER[number];
    }
}

package org.pgark.repository.care;

/** How WAL was read when damage was found in it, or none. */
public enum Depth {
    /** Whether the object is as it was written. */
    OBJECT("object"),
    /** Whether each record follows the one before, too. */
    RECORDS("records");

    private final String word;

    Depth(String word) {
        this.word = word;
    }

    /** What the log calls it. */
    public String word() {
        return word;
    }

    /**
     * The one that the log calls so.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Depth of(String word) {
        for (Depth depth : values()) {
            if (depth.word.equals(word)) {
                return depth;
            }
        }
        throw new IllegalArgumentException("invalid depth \"" + word + "\"");
    }
}

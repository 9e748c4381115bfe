package org.pgark.repository;

/** How a backup knew what had changed since the one before. */
public enum ChangeSource {
    /** Every page was read; content hashes told. */
    READ("read"),
    /** The WAL since then, as it was archived. */
    WAL("wal"),
    /** The server's WAL summaries. */
    WAL_SUMMARIES("wal_summaries");

    private final String word;

    ChangeSource(String word) {
        this.word = word;
    }

    /**
     * The source of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ChangeSource ofWord(String word) {
        for (ChangeSource source : values()) {
            if (source.word.equals(word)) {
                return source;
            }
        }
        throw new IllegalArgumentException("invalid source of changes \"" + word + "\"");
    }

    /** The word for it in the log and in output. */
    public String word() {
        return word;
    }
}

package org.pgark.repository;

/** How a backup was made; each restores by itself, whatever its kind. */
public enum BackupKind {
    /** Everything that it needs was stored with it. */
    FULL("full"),
    /** It shares what had not changed with backups before it. */
    INCREMENTAL("incremental");

    private final String word;

    BackupKind(String word) {
        this.word = word;
    }

    /**
     * The kind of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    static BackupKind ofWord(String word) {
        for (BackupKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("invalid kind of backup \"" + word + "\"");
    }

    /** The word for it in the log and in output. */
    public String word() {
        return word;
    }
}

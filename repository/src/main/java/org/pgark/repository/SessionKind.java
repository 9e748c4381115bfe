package org.pgark.repository;

import java.util.Arrays;
import java.util.Optional;

/** What somebody does who said in the log that he began. */
public enum SessionKind {
    BACKUP("backup"),
    RESTORE("restore"),
    VERIFY("verify");

    private final String word;

    SessionKind(String word) {
        this.word = word;
    }

    /** The word for it in the log. */
    public String word() {
        return word;
    }

    /** The one that a word stands for. */
    static Optional<SessionKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}

package org.pgark.repository.key;

import java.util.Arrays;
import java.util.Optional;

/** How a recipient gets at the ring key. */
public enum RecipientKind {
    /** By a file with 256 random bits. */
    KEY_FILE("key_file", "key file"),
    /** By a pass phrase. */
    PASSPHRASE("passphrase", "pass phrase"),
    /** By a program of the user's. */
    COMMAND("command", "command"),
    /** By a key management service. */
    KMS("kms", "key management service");

    private final String word;
    private final String words;

    RecipientKind(String word, String words) {
        this.word = word;
        this.words = words;
    }

    /** The word for it in the ring. */
    public String word() {
        return word;
    }

    /** The words for it in messages. */
    public String words() {
        return words;
    }

    static Optional<RecipientKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}

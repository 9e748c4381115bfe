package org.pgark.repository.content;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The key of a repository's content hashes: whoever does not know it cannot make two pages that hash alike.
 *
 * @param text 64 lower-case hexadecimal digits
 */
public record ContentKey(String text) {
    /** Its length in bytes. */
    public static final int LENGTH = 32;

    public ContentKey {
        if (!text.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("invalid content key, must be 64 lower-case hexadecimal digits");
        }
    }

    /** A new one, drawn from {@code random}. */
    public static ContentKey random(RandomGenerator random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new ContentKey(HexFormat.of().formatHex(bytes));
    }

    /** The key itself. */
    byte[] bytes() {
        return HexFormat.of().parseHex(text);
    }

    /** Does not tell the key. */
    @Override
    public String toString() {
        return "content key";
    }
}

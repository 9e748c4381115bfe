package org.pgark.repository;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Names a backup, for example {@code 20261122T104200Z-qk7d}: when it began, in UTC, and four random letters of base 32.
 *
 * @param value the text
 */
public record BackupId(String value) implements Comparable<BackupId> {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    public BackupId {
        if (!value.matches("[0-9]{8}T[0-9]{6}Z-[a-z2-7]{4}")) {
            throw new IllegalArgumentException(
                    "invalid backup id \"" + value + "\", must be like \"20261122T104200Z-qk7d\"");
        }
    }

    /** A new one for a backup that begins at {@code start}. */
    public static BackupId create(Instant start, RandomGenerator random) {
        StringBuilder text = new StringBuilder(TIME.format(start)).append('-');
        for (int i = 0; i < 4; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new BackupId(text.toString());
    }

    @Override
    public int compareTo(BackupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

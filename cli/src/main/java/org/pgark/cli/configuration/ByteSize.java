package org.pgark.cli.configuration;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as a configuration writes it: {@code 512B}, {@code 64KiB}, {@code 16MiB}, {@code 2GiB} or {@code
 * 1TiB}, each unit 1024 times the one before. {@code kB}, {@code MB}, {@code GB} and {@code TB} are the same units by the names
 * that PostgreSQL gives them.
 *
 * @param bytes the number, not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(?:(B)|([kKMGT])(?:i?B))");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("invalid size " + bytes + ", must not be negative");
        }
    }

    /**
     * Reads a number and its unit.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid size \"" + text + "\", must be like \"64MiB\"");
        }
        int unit = matcher.group(2) != null ? 0 : UNITS.indexOf(matcher.group(3).toUpperCase(Locale.ROOT) + "iB");
        return new ByteSize(Long.parseLong(matcher.group(1)) << (10 * unit));
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The form that {@link #parse} reads, in the largest unit that is exact. */
    @Override
    public String toString() {
        int unit = 0;
        while (bytes != 0 && unit < UNITS.size() - 1 && bytes % (1L << (10 * (unit + 1))) == 0) {
            unit++;
        }
        return (bytes >> (10 * unit)) + UNITS.get(unit);
    }
}

package org.pgark.logical.sql;

/** Texts between dollar signs, with a delimiter that does not occur in them. */
public final class DollarQuote {
    private static final String SUFFIXES = "_XXXXXXX";

    private DollarQuote() {}

    /** The text between {@code $$}, or {@code $_$} and so on, as {@code appendStringLiteralDQ} of fe_utils/string_utils.c. */
    public static String literal(String text) {
        StringBuilder delimiter = new StringBuilder("$");
        // A text that ends in $foo cannot stand between $foo$, so the closing sign is left out of the search.
        for (int next = 0; text.contains(delimiter); next = (next + 1) % SUFFIXES.length()) {
            delimiter.append(SUFFIXES.charAt(next));
        }
        delimiter.append('$');
        return delimiter + text + delimiter;
    }
}

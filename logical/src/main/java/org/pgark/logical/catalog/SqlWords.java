package org.pgark.logical.catalog;

import java.util.List;
import java.util.StringJoiner;

/** Writes names and texts into SQL. */
public final class SqlWords {
    private final boolean quoteAll;
    private final boolean standardStrings;

    /**
     * Makes the words of one dump.
     *
     * @param quoteAll whether every name is quoted
     * @param standardStrings whether the session takes a backslash for an ordinary character
     */
    public SqlWords(boolean quoteAll, boolean standardStrings) {
        this.quoteAll = quoteAll;
        this.standardStrings = standardStrings;
    }

    /** A name, in quotes where it needs them. */
    public String quote(String name) {
        return !quoteAll && isPlain(name) ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) {
                return false;
            }
        }
        return !ReservedWords.contains(name);
    }

    public String qualified(String schema, String name) {
        return schema.isEmpty() ? quote(name) : quote(schema) + "." + quote(name);
    }

    public String qualified(DumpObject object) {
        return qualified(object.schemaName(), object.name());
    }

    /** A text in single quotes. */
    public String literal(String text) {
        String quotes = text.replace("'", "''");
        if (text.indexOf('\\') < 0 || standardStrings) {
            return "'" + quotes + "'";
        }
        return "E'" + quotes.replace("\\", "\\\\") + "'";
    }

    /**
     * Storage parameters as WITH takes them.
     *
     * @param options {@code name=value}
     * @param prefix what comes before each name
     */
    public String storageParameters(List<String> options, String prefix) {
        StringJoiner joined = new StringJoiner(", ");
        for (String option : options) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            joined.add(prefix + quote(name) + "=" + (quote(value).equals(value) ? value : literal(value)));
        }
        return joined.toString();
    }
}

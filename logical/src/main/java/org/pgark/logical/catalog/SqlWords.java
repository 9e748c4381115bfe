package org.pgark.logical.catalog;

import java.util.List;
import java.util.StringJoiner;
import org.pgark.logical.archive.NameQuoting;

/** Writes names and texts into SQL. */
public final class SqlWords {
    private final NameQuoting quoting;
    private final boolean standardStrings;

    /**
     * Makes the words of one dump.
     *
     * @param standardStrings whether the session takes a backslash for an ordinary character
     */
    public SqlWords(NameQuoting quoting, boolean standardStrings) {
        this.quoting = quoting;
        this.standardStrings = standardStrings;
    }

    /** A name, in quotes where it needs them. */
    public String quote(String name) {
        return quoting.quoted(name);
    }

    public String qualified(String schema, String name) {
        return quoting.qualified(schema, name);
    }

    public String qualified(DumpObject object) {
        return qualified(object.schemaName(), object.name());
    }

    /** A text in single quotes, as the session and the dump take it. */
    public String literal(String text) {
        String quotes = text.replace("'", "''");
        return "'" + (standardStrings ? quotes : quotes.replace("\\", "\\\\")) + "'";
    }

    /** The same so that every session takes it alike: what has backslashes is marked. Settings and pg_dumpall write it so. */
    public String markedLiteral(String text) {
        return text.indexOf('\\') < 0
                ? literal(text)
                : "E'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
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

package org.pgark.logical.foreign;

/** Options of foreign objects. */
final class ForeignOptions {
    private ForeignOptions() {}

    /** An expression that makes the text of an array of options, as {@link #clause} takes it. */
    static String expression(String column) {
        return "array_to_string(ARRAY(SELECT quote_ident(option_name) || ' ' || quote_literal(option_value)"
                + " FROM pg_options_to_table(" + column + ") ORDER BY option_name), E',\\n    ')";
    }

    /** The OPTIONS of a statement; nothing where there are none. */
    static String clause(String options) {
        return options.isEmpty() ? "" : " OPTIONS (\n    " + options + "\n)";
    }
}

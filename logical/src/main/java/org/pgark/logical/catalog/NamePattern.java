package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A name pattern as psql and pg_dump take it: {@code *} and {@code ?}, parts separated by dots, letters outside of double quotes
 * folded, everything else outside of them a regular expression (patternToSQLRegex of string_utils.c).
 */
public final class NamePattern {
    private static final String SPECIAL = "|*+?()[]{}.^$\\";

    private final List<String> expressions;
    private final String literalStart;
    private final int dots;

    private NamePattern(List<String> expressions, String literalStart, int dots) {
        this.expressions = List.copyOf(expressions);
        this.literalStart = literalStart;
        this.dots = dots;
    }

    /**
     * Reads a pattern.
     *
     * @param parts how many parts are told apart, the name included; further dots belong to the name
     */
    public static NamePattern parse(String pattern, int parts) {
        List<String> expressions = new ArrayList<>();
        StringBuilder current = new StringBuilder("^(");
        StringBuilder literal = new StringBuilder();
        boolean quoted = false;
        int dots = 0;
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            char next = at + 1 < pattern.length() ? pattern.charAt(at + 1) : 0;
            String shown = String.valueOf(c);
            if (c == '"') {
                if (!quoted || next != '"') {
                    quoted = !quoted;
                    continue;
                }
                at++;
                current.append('"');
            } else if (!quoted && c >= 'A' && c <= 'Z') {
                shown = String.valueOf((char) (c + 'a' - 'A'));
                current.append(shown);
            } else if (!quoted && c == '*') {
                current.append(".*");
            } else if (!quoted && c == '?') {
                current.append('.');
            } else if (!quoted && c == '.') {
                dots++;
                if (expressions.size() < parts - 1) {
                    expressions.add(current + ")$");
                    current = new StringBuilder("^(");
                } else {
                    current.append('.');
                }
                continue;
            } else if (c == '$') {
                // a letter of names, and of no use as the end that is anchored anyway
                current.append("\\$");
            } else {
                boolean escaped = quoted ? SPECIAL.indexOf(c) >= 0 : c == '[' && next == ']';
                current.append(escaped ? "\\" : "").append(c);
            }
            if (dots == 0) {
                literal.append(shown);
            }
        }
        expressions.add(current + ")$");
        return new NamePattern(expressions, literal.toString(), dots);
    }

    /** How many dots stand outside of quotes. */
    public int dots() {
        return dots;
    }

    /** What stands before the first dot, taken as a name. */
    public String literalStart() {
        return literalStart;
    }

    /** A condition on the name. */
    public String nameCondition(String column, SqlWords words, int server) {
        return condition(column, expressions.getLast(), words, server);
    }

    /** Whether a schema stands before the name. */
    public boolean hasSchema() {
        return expressions.size() > 1;
    }

    /** A condition on the schema that stands before the name. */
    public String schemaCondition(String column, SqlWords words, int server) {
        return condition(column, expressions.get(expressions.size() - 2), words, server);
    }

    /** Names have the collation "C", but a pattern means the database's, as it did before 12. */
    private static String condition(String column, String expression, SqlWords words, int server) {
        return expression.equals("^(.*)$")
                ? "true"
                : column + " OPERATOR(pg_catalog.~) " + words.literal(expression)
                        + (server >= 120000 ? " COLLATE pg_catalog.default" : "");
    }
}

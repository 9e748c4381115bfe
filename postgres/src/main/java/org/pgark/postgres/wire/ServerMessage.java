package org.pgark.postgres.wire;

import java.util.Map;

/**
 * An error or a notice of the server.
 *
 * @param fields the fields by their letter in the protocol, for example {@code 'M'} for the message
 */
public record ServerMessage(Map<Character, String> fields) {
    public ServerMessage {
        fields = Map.copyOf(fields);
    }

    private String field(char letter) {
        return fields.getOrDefault(letter, "");
    }

    /** The severity in the server's language, for example {@code ERROR} or {@code FATAL}. */
    public String severity() {
        return field('S');
    }

    /** The severity in English, whatever the server's language. */
    public String plainSeverity() {
        return fields.getOrDefault('V', severity());
    }

    /** The five characters of the SQLSTATE. */
    public String sqlState() {
        return field('C');
    }

    /** The message proper. */
    public String message() {
        return field('M');
    }

    /** More about the problem, or empty. */
    public String detail() {
        return field('D');
    }

    /** What may help, or empty. */
    public String hint() {
        return field('H');
    }

    /** Where in the server it happened, or empty. */
    public String context() {
        return field('W');
    }

    /** The place in the statement, counted in characters from 1, or empty. */
    public String position() {
        return field('P');
    }

    /** The statement that the server itself ran, in a function, or empty. */
    public String internalQuery() {
        return field('q');
    }

    /** The place in the {@link #internalQuery()}, counted in characters from 1, or empty. */
    public String internalPosition() {
        return field('p');
    }

    private boolean isError() {
        return endsSession() || plainSeverity().equals("ERROR");
    }

    /** Whether the server ends the session with it. */
    public boolean endsSession() {
        return plainSeverity().equals("FATAL") || plainSeverity().equals("PANIC");
    }

    /** The lines as libpq gives them (the context of errors only), without a line end at the end: {@code ERROR:  message}, {@code DETAIL:  ...}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (!severity().isEmpty()) {
            text.append(severity()).append(":  ");
        }
        text.append(message().isEmpty() ? "no error message available" : message());
        append(text, "DETAIL", detail());
        append(text, "HINT", hint());
        append(text, "QUERY", internalQuery());
        if (isError()) {
            append(text, "CONTEXT", context());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append('\n').append(name).append(":  ").append(value);
        }
    }
}

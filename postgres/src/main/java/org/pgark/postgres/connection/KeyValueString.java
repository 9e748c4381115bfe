package org.pgark.postgres.connection;

import java.util.EnumMap;
import java.util.Map;

/**
 * Reads {@code keyword=value} strings. Blanks may stand around the equals sign; a value with blanks is put in single
 * quotes; a backslash takes the next character as it is. No message repeats a value, since it may be a password.
 */
final class KeyValueString {
    private final String text;
    private final Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
    private int position;

    private KeyValueString(String text) {
        this.text = text;
    }

    static Map<ConnectionOption, String> parse(String text) throws InvalidConnectionSettingsException {
        KeyValueString string = new KeyValueString(text);
        String previous = "";
        string.skipBlanks();
        while (!string.isAtEnd()) {
            previous = string.readOption(previous);
            string.skipBlanks();
        }
        return string.options;
    }

    private String readOption(String previous) throws InvalidConnectionSettingsException {
        String keyword = readKeyword();
        skipBlanks();
        if (isAtEnd() || text.charAt(position) != '=') {
            throw new InvalidConnectionSettingsException(
                    "missing \"=\" after "
                            + (previous.isEmpty()
                                    ? "\"" + keyword + "\""
                                    : "what follows the value of \"" + previous + "\"")
                            + " in connection info string",
                    "Put a value that has blanks in single quotes.");
        }
        position++;
        skipBlanks();
        String value = readValue();
        options.put(ConnectionOption.of(keyword), value);
        return keyword;
    }

    private String readKeyword() {
        int start = position;
        while (!isAtEnd() && text.charAt(position) != '=' && !isBlank(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    private String readValue() throws InvalidConnectionSettingsException {
        boolean quoted = !isAtEnd() && text.charAt(position) == '\'';
        if (quoted) {
            position++;
        }
        StringBuilder value = new StringBuilder();
        while (!isAtEnd()) {
            char next = text.charAt(position++);
            if (quoted ? next == '\'' : isBlank(next)) {
                return value.toString();
            }
            if (next != '\\') {
                value.append(next);
            } else if (!isAtEnd()) {
                value.append(text.charAt(position++));
            }
        }
        if (quoted) {
            throw new InvalidConnectionSettingsException("unterminated quoted string in connection info string");
        }
        return value.toString();
    }

    private void skipBlanks() {
        while (!isAtEnd() && isBlank(text.charAt(position))) {
            position++;
        }
    }

    private boolean isAtEnd() {
        return position >= text.length();
    }

    private static boolean isBlank(char character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}

package org.pgark.logical.script;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.archive.ArchiveException;

/** Reads the arguments of {@code \connect}, as dumps write them: a database's name, or a connection string that names one. */
final class ConnectArguments {
    private ConnectArguments() {}

    static String database(String arguments) throws ArchiveException {
        List<String> words = words(arguments);
        words.removeIf(word -> word.startsWith("-reuse-previous="));
        if (words.isEmpty()) {
            throw new ArchiveException("\\connect names no database");
        }
        if (words.size() > 1 && !words.subList(1, words.size()).stream().allMatch("-"::equals)) {
            throw new ArchiveException("\\connect to another user or server is not supported: " + arguments);
        }
        String name = words.getFirst();
        return name.startsWith("dbname=") ? value(name.substring("dbname=".length())) : name;
    }

    /** A value of a connection string, perhaps in single quotes, where a backslash takes the next character as it is. */
    private static String value(String text) throws ArchiveException {
        StringBuilder value = new StringBuilder();
        boolean quoted = text.startsWith("'");
        for (int index = quoted ? 1 : 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter == '\\' && index + 1 < text.length()) {
                value.append(text.charAt(++index));
            } else if (quoted && letter == '\'') {
                if (index + 1 < text.length()) {
                    throw new ArchiveException("\\connect with more than a database is not supported");
                }
                return value.toString();
            } else {
                value.append(letter);
            }
        }
        return value.toString();
    }

    private static List<String> words(String arguments) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean any = false;
        boolean quoted = false;
        for (int index = 0; index < arguments.length(); index++) {
            char letter = arguments.charAt(index);
            if (letter == '"') {
                any = true;
                if (quoted && index + 1 < arguments.length() && arguments.charAt(index + 1) == '"') {
                    word.append('"');
                    index++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && Character.isWhitespace(letter)) {
                if (any) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(letter);
                any = true;
            }
        }
        if (any) {
            words.add(word.toString());
        }
        return words;
    }
}

package org.pgark.physical.restore;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of a relation as users write it: {@code database.schema.name}, with double quotes around parts that have dots
 * or upper-case letters in them, as in SQL.
 *
 * @param database the database
 * @param schema the schema
 * @param name the table, index, sequence or materialised view
 */
public record QualifiedName(String database, String schema, String name) {
    private static final int PARTS = 3;

    /**
     * Reads the text.
     *
     * @throws IllegalArgumentException if it has not three parts
     */
    public static QualifiedName parse(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter == '"') {
                boolean doubled = quoted && index + 1 < text.length() && text.charAt(index + 1) == '"';
                if (doubled) {
                    part.append('"');
                    index++;
                } else {
                    quoted = !quoted;
                }
            } else if (letter == '.' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(quoted ? letter : Character.toLowerCase(letter));
            }
        }
        parts.add(part.toString());
        if (quoted || parts.size() != PARTS || parts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(
                    "invalid relation \"" + text + "\", must be DATABASE.SCHEMA.NAME, with double quotes as in SQL");
        }
        return new QualifiedName(parts.get(0), parts.get(1), parts.get(2));
    }

    @Override
    public String toString() {
        return database + "." + schema + "." + name;
    }
}

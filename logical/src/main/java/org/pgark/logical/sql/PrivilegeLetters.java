package org.pgark.logical.sql;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The privileges that there are on each kind of object, in the order in which pg_dump writes them, by their letters in ACLs. */
final class PrivilegeLetters {
    private final int emulated;

    PrivilegeLetters(int emulated) {
        this.emulated = emulated;
    }

    /**
     * The privileges on a kind of object.
     *
     * @param type what GRANT calls it, also in the plural of ALTER DEFAULT PRIVILEGES
     * @param column whether it is about a column
     */
    SequencedMap<Character, String> of(String type, boolean column) {
        return switch (type) {
            case "TABLE", "TABLES" -> table(column);
            case "SEQUENCE", "SEQUENCES" -> map("r SELECT", "U USAGE", "w UPDATE");
            case "FUNCTION", "FUNCTIONS", "PROCEDURE", "PROCEDURES" -> map("X EXECUTE");
            case "SCHEMA", "SCHEMAS" -> map("C CREATE", "U USAGE");
            case "DATABASE" -> map("C CREATE", "c CONNECT", "T TEMPORARY");
            case "TABLESPACE" -> map("C CREATE");
            case "LANGUAGE", "TYPE", "TYPES", "FOREIGN DATA WRAPPER", "FOREIGN SERVER" -> map("U USAGE");
            case "FOREIGN TABLE" -> map("r SELECT");
            case "PARAMETER" -> map("s SET", "A ALTER SYSTEM");
            case "LARGE OBJECT", "LARGE OBJECTS" -> map("r SELECT", "w UPDATE");
            default -> throw new IllegalArgumentException("nothing is granted on " + type);
        };
    }

    private SequencedMap<Character, String> table(boolean column) {
        if (column) {
            return map("r SELECT", "a INSERT", "x REFERENCES", "w UPDATE");
        }
        return emulated >= 17
                ? map(
                        "r SELECT",
                        "a INSERT",
                        "x REFERENCES",
                        "d DELETE",
                        "t TRIGGER",
                        "D TRUNCATE",
                        "m MAINTAIN",
                        "w UPDATE")
                : map("r SELECT", "a INSERT", "x REFERENCES", "d DELETE", "t TRIGGER", "D TRUNCATE", "w UPDATE");
    }

    private static SequencedMap<Character, String> map(String... privileges) {
        SequencedMap<Character, String> map = new LinkedHashMap<>();
        for (String privilege : privileges) {
            map.put(privilege.charAt(0), privilege.substring(2));
        }
        return map;
    }
}

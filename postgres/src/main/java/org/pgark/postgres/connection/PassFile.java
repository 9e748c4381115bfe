package org.pgark.postgres.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a pass file, {@code host:port:database:user:password} each. A field that is a star alone matches
 * everything; a backslash takes the next character, a colon or a backslash, as it is. The first line that matches counts.
 */
record PassFile(List<Line> lines) {
    static final PassFile EMPTY = new PassFile(List.of());

    private static final int FIELDS = 5;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** The fields of one line as they are written, escapes included, but for the password. */
    record Line(String host, String port, String database, String user, Password password) {
        boolean matches(String otherHost, int otherPort, String otherDatabase, String otherUser) {
            return matches(host, otherHost)
                    && matches(port, Integer.toString(otherPort))
                    && matches(database, otherDatabase)
                    && matches(user, otherUser);
        }

        private static boolean matches(String field, String value) {
            return field.equals("*") || unescape(field).equals(value);
        }
    }

    /**
     * Reads a pass file. As with libpq a file that is not there, cannot be read or is no plain file is as good as empty;
     * unlike libpq a file that others may read is an error, so that it does not go unseen.
     */
    static PassFile read(Path path) throws InvalidConnectionSettingsException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return EMPTY;
        }
        try {
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
                throw new InvalidConnectionSettingsException(
                        "password file \"" + path + "\" has group or world access, must be u=rw (0600) or less",
                        "Run \"chmod 0600 " + path + "\".");
            }
            return parse(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (InvalidConnectionSettingsException e) {
            throw e;
        } catch (IOException e) {
            return EMPTY;
        }
    }

    static PassFile parse(String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            List<String> fields = line.startsWith("#") ? List.of() : split(line);
            if (fields.size() >= FIELDS) {
                lines.add(new Line(
                        fields.get(0),
                        fields.get(1),
                        fields.get(2),
                        fields.get(3),
                        new Password(unescape(fields.get(4)))));
            }
        }
        return new PassFile(List.copyOf(lines));
    }

    Optional<Password> find(String host, int port, String database, String user) {
        return lines.stream()
                .filter(line -> line.matches(host, port, database, user))
                .map(Line::password)
                .findFirst();
    }

    private static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int index = 0; index < line.length(); index++) {
            if (line.charAt(index) == '\\') {
                index++;
            } else if (line.charAt(index) == ':') {
                fields.add(line.substring(start, index));
                start = index + 1;
            }
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < field.length(); index++) {
            if (field.charAt(index) == '\\' && index + 1 < field.length()) {
                index++;
            }
            text.append(field.charAt(index));
        }
        return text.toString();
    }
}

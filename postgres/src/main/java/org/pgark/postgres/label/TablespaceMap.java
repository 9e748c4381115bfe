package org.pgark.postgres.label;

import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.DamagedFileException;

/**
 * The content of {@code tablespace_map}, from which recovery makes the links in {@code pg_tblspc}.
 *
 * @param entries the tablespaces in the file's order
 */
public record TablespaceMap(List<Entry> entries) {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = "tablespace_map";

    /**
     * One tablespace.
     *
     * @param oid its object id, to be read as unsigned
     * @param path where its files are
     */
    public record Entry(int oid, String path) {}

    public TablespaceMap {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the file's text.
     *
     * @throws DamagedFileException if a line is not an object id, a space and a path
     */
    public static TablespaceMap parse(String text) throws DamagedFileException {
        List<Entry> entries = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        boolean escaped = false;
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (escaped || (next != '\\' && next != '\n' && next != '\r')) {
                line.append(next);
                escaped = false;
            } else if (next == '\\') {
                escaped = true;
            } else if (!line.isEmpty()) {
                entries.add(entry(line.toString()));
                line.setLength(0);
            }
        }
        if (escaped || !line.isEmpty()) {
            throw new DamagedFileException(FILE_NAME, "its last line \"" + line + "\" is not complete");
        }
        return new TablespaceMap(entries);
    }

    private static Entry entry(String line) throws DamagedFileException {
        try {
            int space = line.indexOf(' ');
            if (space >= 0 && space < line.length() - 1) {
                return new Entry(Integer.parseUnsignedInt(line.substring(0, space)), line.substring(space + 1));
            }
            throw malformed(line);
        } catch (NumberFormatException e) {
            throw malformed(line);
        }
    }

    private static DamagedFileException malformed(String line) {
        return new DamagedFileException(FILE_NAME, "invalid line \"" + line + "\", must be like \"16384 /path\"");
    }

    /** The file's text; empty when there is no tablespace. */
    public String format() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append(Integer.toUnsignedString(entry.oid)).append(' ');
            for (int at = 0; at < entry.path.length(); at++) {
                char next = entry.path.charAt(at);
                if (next == '\\' || next == '\n' || next == '\r') {
                    text.append('\\');
                }
                text.append(next);
            }
            text.append('\n');
        }
        return text.toString();
    }
}

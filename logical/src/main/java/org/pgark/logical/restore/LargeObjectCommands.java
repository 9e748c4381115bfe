package org.pgark.logical.restore;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.archive.ArchiveException;

/** Commands that are given for each large object of a group, whose OIDs an entry lists one a line. */
final class LargeObjectCommands {
    private static final String KIND = "LARGE OBJECT ";

    /**
     * A command with a hole for the OID.
     *
     * @param before what stands before it
     * @param after what stands behind it, without the semicolon
     */
    record Template(String before, String after) {
        String of(String oid) {
            return before + oid + after + ";\n";
        }
    }

    static final Template CREATE = new Template("SELECT pg_catalog.lo_create('", "')");
    static final Template DROP = new Template("SELECT pg_catalog.lo_unlink('", "')");
    static final Template DROP_IF_EXISTS =
            new Template("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '", "'");

    private LargeObjectCommands() {}

    static String dropIfExists(long oid) {
        return DROP_IF_EXISTS.of(Long.toUnsignedString(oid));
    }

    /** The OIDs of an entry of kind {@code BLOB METADATA}. */
    static List<String> oids(String definition) throws ArchiveException {
        List<String> oids = new ArrayList<>();
        for (String line : definition.split("\n", -1)) {
            if (!line.isEmpty()) {
                if (!line.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
                    throw new ArchiveException("invalid large object OID \"" + line + "\" in archive");
                }
                oids.add(line);
            }
        }
        return oids;
    }

    /**
     * The commands that give privileges on one large object of a group, which are meant for all of it. Nothing in them is
     * hard to read but names in double quotes.
     */
    static List<Template> privileges(String definition) throws ArchiveException {
        List<Template> templates = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        String before = "";
        int after = -1;
        for (int index = 0; index < definition.length(); index++) {
            char letter = definition.charAt(index);
            if (letter == '"') {
                quoted = !quoted;
            } else if (!quoted && letter == ';') {
                if (after < 0) {
                    throw new ArchiveException("invalid privileges of large objects in archive: " + definition);
                }
                templates.add(new Template(before, definition.substring(after, index)));
                after = -1;
                start = index + 1;
                while (start < definition.length() && Character.isWhitespace(definition.charAt(start))) {
                    start++;
                }
                index = start - 1;
            } else if (!quoted && after < 0 && definition.startsWith(KIND, index)) {
                index += KIND.length();
                before = definition.substring(start, index);
                while (index < definition.length() && Character.isDigit(definition.charAt(index))) {
                    index++;
                }
                after = index;
                index--;
            }
        }
        return templates;
    }
}

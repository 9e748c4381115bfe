package org.pgark.logical.restore;

import java.util.List;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.TocEntry;

/**
 * How the texts of a dump want to be understood, as its special entries say.
 *
 * @param encoding the encoding of everything
 * @param standardStrings whether a backslash in a literal is only that
 * @param searchPath the command that sets the search path, or empty in old dumps
 */
record DumpSession(String encoding, boolean standardStrings, String searchPath) {
    static DumpSession of(List<RestoreItem> items) throws ArchiveException {
        String encoding = "SQL_ASCII";
        boolean standardStrings = false;
        String searchPath = "";
        for (RestoreItem item : items) {
            TocEntry entry = item.entry();
            switch (entry.description()) {
                case "ENCODING" -> encoding = encoding(entry.definition());
                case "STDSTRINGS" -> standardStrings = standardStrings(entry.definition());
                case "SEARCHPATH" -> searchPath = entry.definition();
                default -> {}
            }
        }
        return new DumpSession(encoding, standardStrings, searchPath);
    }

    private static String encoding(String definition) throws ArchiveException {
        int from = definition.indexOf('\'');
        int to = definition.indexOf('\'', from + 1);
        if (from < 0 || to < 0) {
            throw new ArchiveException("invalid ENCODING item: " + definition);
        }
        String name = definition.substring(from + 1, to);
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new ArchiveException("unrecognized encoding \"" + name + "\"");
        }
        return name;
    }

    private static boolean standardStrings(String definition) throws ArchiveException {
        int from = Math.max(0, definition.indexOf('\''));
        if (definition.startsWith("'on'", from)) {
            return true;
        }
        if (definition.startsWith("'off'", from)) {
            return false;
        }
        throw new ArchiveException("invalid STDSTRINGS item: " + definition);
    }
}

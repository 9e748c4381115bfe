package org.pgark.logical.restore;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveHead;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.TocEntry;
import org.pgark.postgres.PostgresMajor;

/** The list of an archive's entries, as {@code -l} prints it and {@code -L} reads it back. */
final class TocList {
    private TocList() {}

    /** The items in the order of a list, those that it leaves out first; and which ones it has. */
    record Order(List<RestoreItem> items, Set<Integer> wanted) {}

    static String of(ArchiveHead head, List<RestoreItem> items, RestoreOptions options) {
        StringBuilder text = new StringBuilder(";\n; Archive created at ");
        text.append(head.created().map(ScriptHead::time).orElse("[unknown]"));
        text.append("\n;     dbname: ").append(SafeLine.of(head.database()));
        text.append("\n;     TOC Entries: ").append(items.size());
        text.append("\n;     Compression: ").append(compression(head, options));
        text.append("\n;     Dump Version: ").append(head.version().major());
        text.append('.').append(head.version().minor());
        text.append('-').append(head.version().revision());
        text.append("\n;     Format: ").append(head.format().label());
        text.append("\n;     Integer: ").append(head.integerSize()).append(" bytes");
        text.append("\n;     Offset: ").append(head.offsetSize()).append(" bytes\n");
        if (!head.serverVersion().isEmpty()) {
            text.append(";     Dumped from database version: ")
                    .append(SafeLine.of(head.serverVersion()))
                    .append('\n');
        }
        if (!head.dumpVersion().isEmpty()) {
            text.append(";     Dumped by pg_dump version: ")
                    .append(SafeLine.of(head.dumpVersion()))
                    .append('\n');
        }
        text.append(";\n;\n; Selected TOC Entries:\n;\n");
        boolean verbose = options.has(RestoreSwitch.VERBOSE);
        for (RestoreItem item : items) {
            if (verbose || item.isWanted()) {
                append(text, item.entry());
            }
            if (verbose && !item.entry().dependencies().isEmpty()) {
                text.append(";\tdepends on:");
                item.entry().dependencies().forEach(id -> text.append(' ').append(id));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String compression(ArchiveHead head, RestoreOptions options) {
        return options.release().compareTo(PostgresMajor.V16) < 0
                ? Integer.toString(head.compression().level().orElse(0))
                : head.compression().method().label();
    }

    private static void append(StringBuilder text, TocEntry entry) {
        text.append(entry.dumpId()).append("; ").append(entry.tableOid());
        text.append(' ').append(entry.oid());
        text.append(' ').append(SafeLine.of(entry.description()));
        text.append(' ').append(SafeLine.orHyphen(entry.namespace()));
        text.append(' ').append(SafeLine.of(entry.tag()));
        text.append(' ').append(SafeLine.of(entry.owner())).append('\n');
    }

    static Order read(BufferedReader list, List<RestoreItem> items, ArchiveMessages messages) throws IOException {
        Map<Integer, RestoreItem> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.entry().dumpId(), item));
        int largest = byId.isEmpty() ? 0 : new TreeSet<>(byId.keySet()).last();
        Set<Integer> wanted = new LinkedHashSet<>();
        for (String line = list.readLine(); line != null; line = list.readLine()) {
            int comment = line.indexOf(';');
            String text = comment < 0 ? line : line.substring(0, comment);
            if (text.isBlank()) {
                continue;
            }
            int id = leadingNumber(text);
            if (id <= 0 || id > largest || wanted.contains(id)) {
                messages.warning("line ignored: " + text);
            } else if (!byId.containsKey(id)) {
                throw new ArchiveException("could not find entry for ID " + id);
            } else {
                wanted.add(id);
            }
        }
        List<RestoreItem> ordered = new ArrayList<>(items);
        ordered.removeIf(item -> wanted.contains(item.entry().dumpId()));
        for (int id : wanted) {
            RestoreItem item = byId.get(id);
            if (item != null) {
                ordered.add(item);
            }
        }
        return new Order(ordered, wanted);
    }

    private static int leadingNumber(String text) {
        String rest = text.stripLeading();
        int end = 0;
        while (end < rest.length() && end < 9 && rest.charAt(end) >= '0' && rest.charAt(end) <= '9') {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(rest.substring(0, end));
    }
}

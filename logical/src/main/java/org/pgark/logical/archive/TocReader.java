package org.pgark.logical.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the table of contents of an archive (ReadToc of pg_backup_archiver.c). */
final class TocReader {
    private static final Set<String> OLD_DATA = Set.of("TABLE DATA", "BLOBS", "BLOB COMMENTS");
    private static final Set<String> OLD_NONE = Set.of("COMMENT", "ACL", "ACL LANGUAGE");
    private static final Set<String> OLD_POST_DATA =
            Set.of("CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "INDEX", "RULE", "TRIGGER");

    /** Reads what a format adds to each entry. */
    interface Extra {
        DataPlace read() throws IOException;
    }

    private final ArchiveDecoder in;
    private final ArchiveMessages messages;
    private final Extra extra;

    TocReader(ArchiveDecoder in, ArchiveMessages messages, Extra extra) {
        this.in = in;
        this.messages = messages;
        this.extra = extra;
    }

    List<StoredEntry> read() throws IOException {
        int count = in.readInt();
        List<StoredEntry> entries = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            StoredEntry entry = readEntry();
            messages.debug("read TOC entry " + index + " (ID " + entry.entry().dumpId() + ") for "
                    + entry.entry().description() + " " + entry.entry().tag());
            entries.add(entry);
        }
        return entries;
    }

    private StoredEntry readEntry() throws IOException {
        ArchiveVersion version = in.version();
        int dumpId = in.readInt();
        if (dumpId <= 0) {
            throw new ArchiveException("entry ID " + dumpId + " out of range -- perhaps a corrupt TOC");
        }
        boolean hasData = in.readInt() != 0;
        long tableOid = version.isAtLeast(ArchiveVersion.V1_8) ? number(in.readText()) : 0;
        long oid = number(in.readText());
        String tag = in.readText();
        String description = in.readText();
        Section section = version.isAtLeast(ArchiveVersion.V1_11) ? Section.of(in.readInt()) : oldSection(description);
        String definition = in.readText();
        Optional<String> dropStatement = in.readString();
        String copyStatement = version.isAtLeast(ArchiveVersion.V1_3) ? in.readText() : "";
        String namespace = version.isAtLeast(ArchiveVersion.V1_6) ? in.readText() : "";
        Optional<String> tablespace = version.isAtLeast(ArchiveVersion.V1_10) ? in.readString() : Optional.empty();
        String accessMethod = version.isAtLeast(ArchiveVersion.V1_14) ? in.readText() : "";
        char relkind = version.isAtLeast(ArchiveVersion.V1_16) ? (char) in.readInt() : TocEntry.NO_RELKIND;
        String owner = in.readText();
        if (!version.isAtLeast(ArchiveVersion.V1_9) || in.readText().equals("true")) {
            messages.warning("restoring tables WITH OIDS is not supported anymore");
        }
        List<Integer> dependencies = version.isAtLeast(ArchiveVersion.V1_5) ? dependencies() : List.of();
        TocEntry entry = new TocEntry(
                dumpId,
                tableOid,
                oid,
                tag,
                description,
                section,
                definition,
                dropStatement,
                copyStatement,
                namespace,
                tablespace,
                accessMethod,
                relkind,
                owner,
                dependencies);
        return new StoredEntry(entry, hasData, extra.read());
    }

    private List<Integer> dependencies() throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (Optional<String> text = in.readString(); text.isPresent(); text = in.readString()) {
            ids.add((int) number(text.get()));
        }
        return ids;
    }

    private static long number(String text) throws ArchiveException {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ArchiveException("invalid number \"" + text + "\" in TOC -- perhaps a corrupt TOC", e);
        }
    }

    /** Before 8.4 pg_dump did not say which section an entry belongs to. */
    private static Section oldSection(String description) {
        if (OLD_NONE.contains(description)) {
            return Section.NONE;
        }
        if (OLD_DATA.contains(description)) {
            return Section.DATA;
        }
        return OLD_POST_DATA.contains(description) ? Section.POST_DATA : Section.PRE_DATA;
    }
}

package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.Dump;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.EntryData;
import org.pgark.logical.archive.LargeObjectData;
import org.pgark.logical.archive.TableData;
import org.pgark.logical.archive.TarArchiveWriter;

/** What pg_dump does with entries by pg_restore's rules: choosing them, and writing them as a script. */
public final class DumpScript {
    private static final String COPY_END = " FROM stdin;\n";

    private final Dump dump;
    private final RestoreOptions options;
    private final ArchiveMessages messages;
    private final List<RestoreItem> items = new ArrayList<>();

    /** Takes a dump whose entries are in their final order. */
    public DumpScript(Dump dump, RestoreOptions options, ArchiveMessages messages) throws ArchiveException {
        this.dump = dump;
        this.options = options;
        this.messages = messages;
        for (DumpItem item : dump.items()) {
            items.add(RestoreItem.of(item, dump.connection()));
        }
        EntrySelection.mark(options, items);
    }

    /** The part of the dump that goes into an archive. */
    public Dump selected() {
        List<DumpItem> kept = new ArrayList<>();
        for (int index = 0; index < items.size(); index++) {
            RestoreItem item = items.get(index);
            DumpItem original = dump.items().get(index);
            if (item.needs().isEmpty()) {
                continue;
            }
            kept.add(
                    original.data().isPresent() && !item.needs().contains(Need.DATA)
                            ? new DumpItem(original.entry(), java.util.Optional.empty(), original.definition())
                            : original);
        }
        return new Dump(dump.head(), kept, dump.connection());
    }

    /** Writes the script. */
    public void write(OutputStream out) throws IOException {
        run(out, options, new ServerData());
    }

    /** Writes the script that ends a tar archive: it reads the archive's other files. */
    public void writeForTar(OutputStream out, TarArchiveWriter.FileNames files) throws IOException {
        out.write("""
            --
            -- NOTE:
            --
            -- File paths need to be edited. Search for $$PATH$$ and
            -- replace it with the path to the directory containing
            -- the extracted data files.
            --
            """.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        RestoreOptions changed = options.toBuilder()
                .with(RestoreSwitch.CLEAN, true)
                .with(RestoreSwitch.VERBOSE, false)
                .with(RestoreSwitch.SUPPRESS_DUMP_WARNINGS, true)
                .superuser("")
                .build();
        run(out, changed, new FileData(files));
    }

    private void run(OutputStream out, RestoreOptions with, DataReader data) throws IOException {
        RestoreContext context = RestoreContext.of(with, ScriptHead.of(dump.head()), items, messages)
                .withImpliedContent();
        ScriptTarget target = new ScriptTarget(
                out, dump.head().charset(), with, context.session().standardStrings());
        new RestoreRun(context, target, data).run();
    }

    private Map<Integer, DumpItem> byId() {
        Map<Integer, DumpItem> byId = new HashMap<>();
        dump.items().forEach(item -> byId.put(item.entry().dumpId(), item));
        return byId;
    }

    /** Reads data from the server as the script comes to it. */
    private final class ServerData implements DataReader {
        private final Map<Integer, DumpItem> byId = byId();

        private EntryData data(RestoreItem item) throws ArchiveException {
            DumpItem found = byId.get(item.entry().dumpId());
            if (found == null || found.data().isEmpty()) {
                throw new ArchiveException(
                        "could not find entry for ID " + item.entry().dumpId());
            }
            return found.data().get();
        }

        @Override
        public void readTable(RestoreItem item, OutputStream out) throws IOException {
            if (data(item) instanceof TableData table) {
                table.write(dump.connection(), out);
            }
        }

        @Override
        public void readLargeObjects(RestoreItem item, LargeObjectRestore restore) throws IOException {
            if (data(item) instanceof LargeObjectData objects) {
                // pg_dump says that it saves them, pg_restore that it restores them
                LargeObjectRestore silent = restore.silent();
                silent.begin();
                objects.write(dump.connection(), silent);
                silent.end();
            }
        }
    }

    /** Names the files in which a tar archive has the data. */
    private final class FileData implements DataReader {
        private final TarArchiveWriter.FileNames files;
        private final Map<Integer, DumpItem> byId = byId();

        FileData(TarArchiveWriter.FileNames files) {
            this.files = files;
        }

        private String file(RestoreItem item) throws ArchiveException {
            DumpItem found = byId.get(item.entry().dumpId());
            if (found == null) {
                throw new ArchiveException(
                        "could not find entry for ID " + item.entry().dumpId());
            }
            return files.of(found);
        }

        @Override
        public void readTable(RestoreItem item, OutputStream out) throws IOException {
            String copy = item.entry().copyStatement();
            if (!copy.isEmpty() && !copy.endsWith(COPY_END)) {
                throw new ArchiveException("unexpected COPY statement syntax: \"" + copy + "\"");
            }
            // The COPY that stands before is ended at once, and another one reads the file.
            String text = copy.isEmpty()
                    ? "\\i $$PATH$$/" + file(item) + "\n\n"
                    : "\\.\n" + copy.substring(0, copy.length() - COPY_END.length()) + " FROM '$$PATH$$/" + file(item)
                            + "';\n\n";
            out.write(text.getBytes(dump.head().charset()));
        }

        @Override
        public void readLargeObjects(RestoreItem item, LargeObjectRestore restore) throws IOException {
            restore.text("\\i $$PATH$$/" + file(item) + "\n\n");
        }
    }
}

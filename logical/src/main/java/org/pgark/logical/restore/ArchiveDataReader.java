package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.StoredEntry;

/** Reads data from an archive. */
final class ArchiveDataReader implements DataReader {
    private final ArchiveReader archive;
    private final Map<Integer, StoredEntry> byId = new HashMap<>();

    ArchiveDataReader(ArchiveReader archive, RestoreContext context) {
        this.archive = archive;
        archive.entries().forEach(entry -> byId.put(entry.entry().dumpId(), entry));
        archive.setNeeded(id ->
                context.byId().containsKey(id) && context.byId().get(id).needs().contains(Need.DATA));
    }

    private StoredEntry stored(RestoreItem item) throws ArchiveException {
        StoredEntry stored = byId.get(item.entry().dumpId());
        if (stored == null) {
            throw new ArchiveException(
                    "could not find entry for ID " + item.entry().dumpId());
        }
        return stored;
    }

    @Override
    public void readTable(RestoreItem item, OutputStream out) throws IOException {
        archive.readTable(stored(item), out);
    }

    @Override
    public void readLargeObjects(RestoreItem item, LargeObjectRestore restore) throws IOException {
        restore.begin();
        archive.readLargeObjects(stored(item), restore);
        restore.end();
    }
}

package org.pgark.logical.restore;

import java.util.Optional;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.TocEntry;

/** Counts what fails on a server, or ends the restore with the first failure. For one thread. */
final class RestoreErrors {
    private final ArchiveMessages messages;
    private final boolean ends;
    private Optional<RestoreItem> current = Optional.empty();
    private Optional<RestoreItem> lastFailed = Optional.empty();
    private boolean stageSaid;
    private int count;

    RestoreErrors(ArchiveMessages messages, boolean endsWithFirst) {
        this.messages = messages;
        this.ends = endsWithFirst;
    }

    void enter(RestoreItem item) {
        current = Optional.of(item);
    }

    boolean hasFailed(RestoreItem item) {
        return lastFailed.isPresent() && lastFailed.get() == item;
    }

    int count() {
        return count;
    }

    void report(String text) throws ArchiveException {
        if (!stageSaid) {
            messages.info(current.isPresent() ? "while PROCESSING TOC:" : "while INITIALIZING:");
            stageSaid = current.isPresent();
        }
        if (current.isPresent() && !lastFailed.equals(current)) {
            TocEntry entry = current.get().entry();
            messages.info("from TOC entry " + entry.dumpId() + "; " + entry.tableOid() + " " + entry.oid() + " "
                    + entry.description() + " " + entry.tag() + " "
                    + (entry.owner().isEmpty() ? "(no owner)" : entry.owner()));
        }
        lastFailed = current;
        if (ends) {
            throw new ArchiveException(text);
        }
        messages.error(text);
        count++;
    }
}

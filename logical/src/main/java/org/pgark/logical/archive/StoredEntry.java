package org.pgark.logical.archive;

import java.util.Objects;

/**
 * An entry as an archive holds it.
 *
 * @param entry the entry; its texts are bytes, one a character
 * @param hasData whether data belongs to it
 * @param place where its data is
 */
public record StoredEntry(TocEntry entry, boolean hasData, DataPlace place) {
    /** Checks that all is there. */
    public StoredEntry {
        Objects.requireNonNull(entry, "entry is null");
        Objects.requireNonNull(place, "place is null");
    }
}

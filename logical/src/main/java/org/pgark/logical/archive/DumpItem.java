package org.pgark.logical.archive;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a dump writes.
 *
 * @param entry what goes to the table of contents
 * @param data where its data comes from, if it has some
 * @param definition what makes its definition in place of the entry's own
 */
public record DumpItem(TocEntry entry, Optional<EntryData> data, Optional<DeferredDefinition> definition) {
    /** Checks that all is there. */
    public DumpItem {
        Objects.requireNonNull(entry, "entry is null");
        Objects.requireNonNull(data, "data is null");
        Objects.requireNonNull(definition, "definition is null");
    }

    /** An item without data. */
    public static DumpItem of(TocEntry entry) {
        return new DumpItem(entry, Optional.empty(), Optional.empty());
    }

    /** An item with data. */
    public static DumpItem of(TocEntry entry, EntryData data) {
        return new DumpItem(entry, Optional.of(data), Optional.empty());
    }

    /** An item whose definition is made when it is written. */
    public static DumpItem deferred(TocEntry entry, DeferredDefinition definition) {
        return new DumpItem(entry, Optional.empty(), Optional.of(definition));
    }
}

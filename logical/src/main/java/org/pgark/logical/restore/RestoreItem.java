package org.pgark.logical.restore;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.StoredEntry;
import org.pgark.logical.archive.TocEntry;
import org.pgark.postgres.wire.WireConnection;

/** An entry on its way back. A parallel restore changes it on one thread only. */
final class RestoreItem {
    /** Makes the definition when it is wanted. */
    private interface Definition {
        String text() throws IOException;
    }

    private final TocEntry entry;
    private final boolean hasData;
    private final Optional<String> placeComment;
    private final Definition definition;
    private Set<Need> needs = EnumSet.noneOf(Need.class);
    private volatile boolean created;
    private long size;

    private RestoreItem(TocEntry entry, boolean hasData, Optional<String> placeComment, Definition definition) {
        this.entry = entry;
        this.hasData = hasData;
        this.placeComment = placeComment;
        this.definition = definition;
    }

    static RestoreItem of(StoredEntry stored) {
        TocEntry entry = stored.entry();
        return new RestoreItem(entry, stored.hasData(), stored.place().comment(), entry::definition);
    }

    static RestoreItem of(DumpItem item, WireConnection connection) {
        TocEntry entry = item.entry();
        return new RestoreItem(
                // A definition that is still to be made counts as one.
                item.definition().isPresent() && entry.definition().isEmpty() ? withDefinition(entry) : entry,
                item.data().isPresent(),
                Optional.empty(),
                () -> item.definition().isPresent() ? item.definition().get().text(connection) : entry.definition());
    }

    private static TocEntry withDefinition(TocEntry entry) {
        TocEntry.Builder builder = TocEntry.builder(entry.dumpId(), entry.description(), entry.tag(), entry.section())
                .catalog(entry.tableOid(), entry.oid())
                .definition("-- made when it is written")
                .namespace(entry.namespace())
                .owner(entry.owner())
                .dependencies(entry.dependencies());
        entry.dropStatement().ifPresent(builder::dropStatement);
        return builder.build();
    }

    TocEntry entry() {
        return entry;
    }

    boolean hasData() {
        return hasData;
    }

    Optional<String> placeComment() {
        return placeComment;
    }

    String definition() throws IOException {
        return definition.text();
    }

    Set<Need> needs() {
        return needs;
    }

    void setNeeds(Set<Need> wanted) {
        needs = wanted;
    }

    /** Whether anything of it is put out. */
    boolean isWanted() {
        return needs.contains(Need.SCHEMA) || needs.contains(Need.DATA) || needs.contains(Need.STATISTICS);
    }

    /** Whether the table that its data is for was made by this restore. */
    boolean isTableCreated() {
        return created;
    }

    void setTableCreated() {
        created = true;
    }

    long size() {
        return size;
    }

    void setSize(long bytes) {
        size = bytes;
    }
}

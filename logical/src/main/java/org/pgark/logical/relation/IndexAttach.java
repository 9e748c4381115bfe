package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** Makes the index of a partition part of the partitioned index above it. */
final class IndexAttach extends DumpObject {
    private final Index parent;
    private final Index partition;

    IndexAttach(Index parent, Index partition) {
        super(
                ObjectKind.INDEX_ATTACH,
                CatalogId.NONE,
                partition.name(),
                partition.table().schema());
        this.parent = parent;
        this.partition = partition;
    }

    Index partition() {
        return partition;
    }

    /** The tables stand here too, so that nothing else works on them at the same time. */
    void dependOnParts() {
        dependOn(partition);
        dependOn(parent);
        dependOn(partition.table());
        dependOn(parent.table());
    }

    @Override
    public void write(EntryWriter writer) {
        if (partition.wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("INDEX ATTACH", name())
                            .owner(parent.table().owner())
                            .postData()
                            .define("ALTER INDEX " + writer.qualified(parent) + " ATTACH PARTITION "
                                    + writer.qualified(partition) + ";\n"));
        }
    }
}

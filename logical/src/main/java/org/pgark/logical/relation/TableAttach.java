package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** Makes a table that was created by itself a partition: so it keeps its own column order and tablespace. */
final class TableAttach extends DumpObject {
    /** The first version that has an entry for it; before, it stands in the entry of the partition. */
    static final int FIRST_VERSION = 14;

    private final Relation parent;
    private final Relation partition;

    TableAttach(Relation parent, Relation partition) {
        super(ObjectKind.TABLE_ATTACH, CatalogId.NONE, partition.name(), partition.schema());
        this.parent = parent;
        this.partition = partition;
    }

    @Override
    public void write(EntryWriter writer) {
        writer.add(
                this,
                new EntryText("TABLE ATTACH", name()).owner(partition.owner()).define(sql(parent, partition, writer)));
    }

    static String sql(Relation parent, Relation partition, EntryWriter writer) {
        return "ALTER TABLE ONLY " + writer.qualified(parent) + " ATTACH PARTITION " + writer.qualified(partition) + " "
                + partition.text(RelationText.PARTITION_BOUND) + ";\n";
    }
}

package org.pgark.logical.relation;

import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads which relation inherits from which, and makes the attachments of partitions. */
public final class InheritanceKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading table inheritance information";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("SELECT inhrelid, inhparent FROM pg_inherits")) {
            catalog.find(SystemCatalog.CLASS, row.oid("inhrelid"), Relation.class)
                    .ifPresent(child ->
                            child.addParent(catalog.find(SystemCatalog.CLASS, row.oid("inhparent"), Relation.class)
                                    .orElseThrow(() -> new DumpException(
                                            "failed sanity check, parent OID " + row.text("inhparent") + " of table \""
                                                    + child.name() + "\" (OID " + child.oid() + ") not found"))));
        }
    }

    /** Marks parents of what is dumped as interesting, and makes partitions attach. */
    public static final class Attachments implements CatalogKind {
        @Override
        public String progress() {
            return "finding inheritance relationships";
        }

        @Override
        public void read(CatalogReading reading) {
            for (Relation relation : reading.catalog().all(Relation.class)) {
                if (relation.wanted().isEmpty()) {
                    continue;
                }
                relation.parents().forEach(Relation::markInteresting);
                boolean attaches = reading.options().emulated() >= TableAttach.FIRST_VERSION;
                if (attaches && relation.wants(Component.DEFINITION) && relation.isPartition()) {
                    if (relation.parents().size() != 1) {
                        throw new DumpException("invalid number of parents "
                                + relation.parents().size() + " for table \"" + relation.name() + "\"");
                    }
                    Relation parent = relation.parents().getFirst();
                    TableAttach attach = reading.catalog().add(new TableAttach(parent, relation));
                    attach.dependOn(relation);
                    attach.dependOn(parent);
                }
            }
        }
    }
}

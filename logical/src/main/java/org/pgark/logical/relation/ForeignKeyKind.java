package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads the foreign keys of the tables that are dumped. */
public final class ForeignKeyKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading constraints";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Relation> tables = catalog.all(Relation.class).stream()
                .filter(table -> table.wants(Component.DEFINITION))
                .toList();
        if (tables.isEmpty()) {
            return;
        }
        boolean partitioned = reading.server() >= 110000;
        for (Row row : reading.session().rows("""
                SELECT c.oid, c.conrelid, c.conname, c.confrelid, %s AS conindid,
                  pg_catalog.pg_get_constraintdef(c.oid) AS definition
                FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_constraint c ON src.oid = c.conrelid
                WHERE c.contype = 'f' %s ORDER BY c.conrelid, c.conname""".formatted(
                partitioned ? "c.conindid" : "0", OidArray.of(tables), partitioned ? "AND c.conparentid = 0" : ""))) {
            Relation table = catalog.find(SystemCatalog.CLASS, row.oid("conrelid"), Relation.class)
                    .orElseThrow(() -> new DumpException("unrecognized table OID " + row.text("conrelid")));
            ForeignKey key = catalog.add(new ForeignKey(
                    SystemCatalog.CONSTRAINT.id(row.oid("oid")),
                    row.text("conname"),
                    table,
                    row.oid("confrelid"),
                    row.text("definition")));
            catalog.find(SystemCatalog.CLASS, row.oid("confrelid"), Relation.class)
                    .filter(referenced -> referenced.form() == RelationForm.PARTITIONED_TABLE)
                    .flatMap(referenced -> catalog.find(SystemCatalog.CLASS, row.oid("conindid"), Index.class))
                    .ifPresent(index -> awaitAttachments(key, index));
        }
    }

    /** A partitioned index is only valid when the indexes of all partitions, and of theirs, are attached. */
    private static void awaitAttachments(ForeignKey key, Index index) {
        for (IndexAttach attach : index.attachments()) {
            key.dependOn(attach);
            awaitAttachments(key, attach.partition());
        }
    }
}

package org.pgark.logical.replication;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.relation.Relation;

/** Reads publications with their tables and schemas. */
public final class PublicationKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading publications";
    }

    @Override
    public void read(CatalogReading reading) {
        readPublications(reading);
        reading.listener().progress("reading publication membership of tables");
        boolean any = !reading.catalog().all(Publication.class).isEmpty();
        if (any) {
            readTables(reading);
        }
        reading.listener().progress("reading publication membership of schemas");
        if (any && reading.server() >= 150000) {
            readSchemas(reading);
        }
    }

    private static void readPublications(CatalogReading reading) {
        int server = reading.server();
        if (reading.options().has(DumpSwitch.NO_PUBLICATIONS)) {
            return;
        }
        for (Row row : reading.session().rows("""
            SELECT p.oid, p.pubname, p.pubowner, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete,
              %s AS pubtruncate, %s AS pubviaroot, %s AS pubgencols
            FROM pg_publication p\
            """.formatted(
                        server >= 110000 ? "p.pubtruncate" : "false",
                        server >= 130000 ? "p.pubviaroot" : "false",
                        server >= 180000 ? "p.pubgencols" : "'n'"))) {
            reading.selection().select(reading.catalog().add(new Publication(row, reading.catalog())));
        }
    }

    private static void readTables(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        boolean filtered = reading.server() >= 150000;
        for (Row row : reading.session().rows("""
            SELECT oid, prpubid, prrelid, %s AS prrelqual, %s AS prattrs FROM pg_catalog.pg_publication_rel pr\
            """.formatted(
                        filtered ? "pg_catalog.pg_get_expr(prqual, prrelid)" : "NULL", filtered ? """
                            CASE WHEN pr.prattrs IS NOT NULL THEN (SELECT array_agg(attname)
                              FROM pg_catalog.generate_series(0, pg_catalog.array_upper(pr.prattrs::pg_catalog.int2[], 1)) s,
                                pg_catalog.pg_attribute
                              WHERE attrelid = pr.prrelid AND attnum = prattrs[s]) END\
                            """ : "NULL"))) {
            Optional<Publication> publication =
                    catalog.find(SystemCatalog.PUBLICATION, row.oid("prpubid"), Publication.class);
            Optional<Relation> table = catalog.find(SystemCatalog.CLASS, row.oid("prrelid"), Relation.class);
            if (publication.isPresent() && table.isPresent()) {
                boolean dumped = table.get().wants(Component.DEFINITION);
                select(reading, catalog.add(new PublicationTable(row, publication.get(), table.get())), dumped);
            }
        }
    }

    private static void readSchemas(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row :
                reading.session().rows("SELECT oid, pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace")) {
            Optional<Publication> publication =
                    catalog.find(SystemCatalog.PUBLICATION, row.oid("pnpubid"), Publication.class);
            Optional<Schema> schema = catalog.find(SystemCatalog.NAMESPACE, row.oid("pnnspid"), Schema.class);
            if (publication.isPresent() && schema.isPresent()) {
                boolean dumped = !schema.get().wanted().isEmpty();
                select(reading, catalog.add(new PublicationSchema(row, publication.get(), schema.get())), dumped);
            }
        }
    }

    /** What belongs to a publication is dumped with everything, up to 17 only where the table or schema is dumped too. */
    private static void select(CatalogReading reading, DumpObject member, boolean dumped) {
        if (reading.options().emulated() < 18 && !dumped) {
            member.want(Components.NONE);
        } else if (!reading.selection().adoptExtensionMembership(member)) {
            member.want(reading.selection().outsideSchemas());
        }
    }
}

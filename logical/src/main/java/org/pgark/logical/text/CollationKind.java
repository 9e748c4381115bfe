package org.pgark.logical.text;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Reads collations. */
public final class CollationKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined collations";
    }

    @Override
    public void read(CatalogReading reading) {
        int server = reading.server();
        for (Row row : reading.session().rows("""
                SELECT oid, collname, collnamespace, collowner, collencoding, collprovider, collversion, collcollate, collctype,
                  %s AS collisdeterministic, %s AS colllocale, %s AS collicurules
                FROM pg_collation""".formatted(
                        server >= 120000 ? "collisdeterministic" : "true",
                        server >= 170000 ? "colllocale" : server >= 150000 ? "colliculocale" : "NULL",
                        server >= 160000 ? "collicurules" : "NULL"))) {
            reading.selection().select(reading.catalog().add(new Collation(row, reading.catalog())));
        }
    }
}

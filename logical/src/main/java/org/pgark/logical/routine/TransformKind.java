package org.pgark.logical.routine;

import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** Reads transforms. */
public final class TransformKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading transforms";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("""
                SELECT t.oid, trftype, trflang, l.lanname, trffromsql::oid, trftosql::oid
                FROM pg_transform t JOIN pg_language l ON l.oid = trflang ORDER BY trftype, trflang""")) {
            String type = catalog.find(SystemCatalog.TYPE, row.oid("trftype"), DataType.class)
                    .map(DumpObject::name)
                    .orElse("");
            reading.selection()
                    .select(catalog.add(
                            new Transform(row, type + " " + reading.words().quote(row.text("lanname")))));
        }
    }
}

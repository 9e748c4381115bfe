package org.pgark.logical.routine;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** Reads casts, but not those that come with range types. */
public final class CastKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading type casts";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        String own = reading.server() >= 140000
                ? "WHERE NOT EXISTS (SELECT 1 FROM pg_range r WHERE c.castsource = r.rngtypid"
                        + " AND c.casttarget = r.rngmultitypid)"
                : "";
        for (Row row : reading.session()
                .rows("SELECT oid, castsource, casttarget, castfunc, castcontext, castmethod FROM pg_cast c " + own
                        + " ORDER BY castsource, casttarget")) {
            Optional<DataType> source = catalog.find(SystemCatalog.TYPE, row.oid("castsource"), DataType.class);
            Optional<DataType> target = catalog.find(SystemCatalog.TYPE, row.oid("casttarget"), DataType.class);
            // The name is not unique, but sorts casts the same way whatever their OIDs are.
            String name = source.isPresent() && target.isPresent()
                    ? source.get().name() + " " + target.get().name()
                    : "";
            reading.selection().selectUnlessBuiltIn(catalog.add(new Cast(row, name)));
        }
    }
}

package org.pgark.logical.foreign;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Reads foreign data wrappers. */
public final class ForeignDataWrapperKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined foreign-data wrappers";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT oid, fdwname, fdwowner, fdwhandler::pg_catalog.regproc, fdwvalidator::pg_catalog.regproc, fdwacl,
                  acldefault('F', fdwowner) AS acldefault, %s AS options
                FROM pg_foreign_data_wrapper""".formatted(ForeignOptions.expression("fdwoptions")))) {
            reading.selection().select(reading.catalog().add(new ForeignDataWrapper(row, reading.catalog())));
        }
    }
}

package org.pgark.logical.operator;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Reads access methods. */
public final class AccessMethodKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined access methods";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session()
                .rows("SELECT oid, amname, amtype, amhandler::pg_catalog.regproc AS amhandler FROM pg_am")) {
            reading.selection().selectUnlessBuiltIn(reading.catalog().add(new AccessMethod(row)));
        }
    }
}

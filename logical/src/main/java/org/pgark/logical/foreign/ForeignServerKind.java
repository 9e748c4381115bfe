package org.pgark.logical.foreign;

import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads foreign servers and their user mappings. */
public final class ForeignServerKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined foreign servers";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        boolean mapped = false;
        for (Row row : reading.session().rows("""
                SELECT s.oid, srvname, srvowner, srvfdw, fdwname, srvtype, srvversion, srvacl,
                  acldefault('S', srvowner) AS acldefault, %s AS options
                FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw""".formatted(ForeignOptions.expression("srvoptions")))) {
            ForeignServer server = catalog.add(new ForeignServer(row, catalog));
            reading.selection().select(server);
            mapped |= server.wants(Component.USER_MAPPING);
        }
        if (mapped) {
            for (Row row : reading.session()
                    .rows("SELECT srvid, usename, " + ForeignOptions.expression("umoptions")
                            + " AS options FROM pg_user_mappings ORDER BY srvid, usename")) {
                catalog.find(SystemCatalog.FOREIGN_SERVER, row.oid("srvid"), ForeignServer.class)
                        .ifPresent(server -> server.addUserMapping(row));
            }
        }
    }
}

package org.pgark.logical.catalog;

/** Reads the names of all roles. */
public final class RoleKind implements CatalogKind {
    @Override
    public String progress() {
        return "";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("SELECT oid, rolname FROM pg_catalog.pg_roles ORDER BY 1")) {
            reading.catalog().nameRole(row.oid("oid"), row.text("rolname"));
        }
    }
}

package org.pgark.logical.sql;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;

/** Reads default privileges. */
public final class DefaultPrivilegesKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading default privileges";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT oid, defaclrole, defaclnamespace, defaclobjtype, defaclacl,
                  CASE WHEN defaclnamespace = 0 THEN acldefault(
                    CASE WHEN defaclobjtype = 'S' THEN 's'::"char" ELSE defaclobjtype END, defaclrole) ELSE '{}' END AS acldefault
                FROM pg_default_acl""")) {
            DefaultPrivileges privileges = reading.catalog().add(new DefaultPrivileges(row, reading.catalog()));
            privileges.want(privileges
                    .schema()
                    .map(Schema::wantedOfContents)
                    .orElseGet(() -> reading.selection().outsideSchemas()));
        }
    }
}

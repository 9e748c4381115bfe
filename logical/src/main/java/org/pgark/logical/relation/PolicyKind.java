package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads row-level security of the tables that are dumped. */
public final class PolicyKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading policies";
    }

    @Override
    public void read(CatalogReading reading) {
        if (reading.options().has(DumpSwitch.NO_POLICIES)) {
            return;
        }
        Catalog catalog = reading.catalog();
        List<Relation> tables = catalog.all(Relation.class).stream()
                .filter(table -> table.wants(Component.POLICY)
                        && (table.form() == RelationForm.TABLE || table.form() == RelationForm.PARTITIONED_TABLE))
                .toList();
        for (Relation table : tables) {
            if (table.facts().rowSecurity()) {
                catalog.add(new RowSecurity(table));
            }
        }
        reading.listener().progress("reading row-level security policies");
        if (tables.isEmpty()) {
            return;
        }
        for (Row row : reading.session().rows("""
                SELECT pol.oid, pol.polrelid, pol.polname, pol.polcmd, pol.polpermissive,
                  CASE WHEN pol.polroles = '{0}' THEN NULL ELSE pg_catalog.array_to_string(ARRAY(
                    SELECT pg_catalog.quote_ident(rolname) FROM pg_catalog.pg_roles WHERE oid = ANY(pol.polroles)), ', ')
                  END AS polroles,
                  pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) AS polqual,
                  pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) AS polwithcheck
                FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_policy pol ON src.oid = pol.polrelid""".formatted(OidArray.of(tables)))) {
            catalog.find(SystemCatalog.CLASS, row.oid("polrelid"), Relation.class)
                    .ifPresent(table -> catalog.add(new Policy(row, table)));
        }
    }
}

package org.pgark.logical.routine;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Selection;
import org.pgark.logical.catalog.SystemCatalog;

/**
 * Reads functions and procedures: the user's, those of the server whose privileges were changed, and those that a user's cast
 * or transform names.
 */
public final class FunctionKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined functions";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        String notAggregate = reading.server() >= 110000 ? "p.prokind <> 'a'" : "NOT p.proisagg";
        List<Function> chosen = new ArrayList<>();
        for (Row row : reading.session()
                .rows("""
                SELECT p.oid, p.proname, p.proargtypes, p.proacl, acldefault('f', p.proowner) AS acldefault, p.pronamespace,
                  p.proowner
                FROM pg_proc p
                LEFT JOIN pg_init_privs pip ON p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0
                WHERE %s
                  AND NOT EXISTS (SELECT 1 FROM pg_depend
                    WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')
                  AND (pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog')
                    OR EXISTS (SELECT 1 FROM pg_cast WHERE pg_cast.oid > %s AND p.oid = pg_cast.castfunc)
                    OR EXISTS (SELECT 1 FROM pg_transform WHERE pg_transform.oid > %s
                      AND (p.oid = pg_transform.trffromsql OR p.oid = pg_transform.trftosql))
                    OR p.proacl IS DISTINCT FROM pip.initprivs)""".formatted(notAggregate, Selection.LAST_BUILT_IN_OID, Selection.LAST_BUILT_IN_OID))) {
            Function function = catalog.add(new Function(row, catalog));
            reading.selection().select(function);
            if (!function.wanted().isEmpty()) {
                chosen.add(function);
            }
        }
        if (!chosen.isEmpty()) {
            for (Row row : reading.session().rows(details(reading.server(), OidArray.of(chosen)))) {
                catalog.find(SystemCatalog.FUNCTION, row.oid("oid"), Function.class)
                        .ifPresent(function -> function.describe(row));
            }
        }
    }

    private static String details(int server, String functions) {
        return """
                SELECT p.oid, proretset, prosrc, probin, provolatile, proisstrict, prosecdef, lanname, proconfig, procost, prorows,
                  prorettype, pg_catalog.pg_get_function_arguments(p.oid) AS funcargs,
                  pg_catalog.pg_get_function_identity_arguments(p.oid) AS funciargs,
                  pg_catalog.pg_get_function_result(p.oid) AS funcresult, proleakproof, protrftypes, proparallel,
                  %s AS prokind, %s AS prosupport, %s AS prosqlbody
                FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                WHERE p.oid = ANY (%s)""".formatted(
                        server >= 110000 ? "prokind" : "CASE WHEN proiswindow THEN 'w' ELSE 'f' END",
                        server >= 120000 ? "prosupport" : "'-'",
                        server >= 140000 ? "pg_get_function_sqlbody(p.oid)" : "NULL",
                        functions);
    }
}

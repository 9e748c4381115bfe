package org.pgark.logical.routine;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads aggregates. */
public final class AggregateKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined aggregate functions";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        String aggregate = reading.server() >= 110000 ? "p.prokind = 'a'" : "p.proisagg";
        List<Aggregate> chosen = new ArrayList<>();
        for (Row row : reading.session().rows("""
                SELECT p.oid, p.proname, p.proargtypes, p.proacl, acldefault('f', p.proowner) AS acldefault, p.pronamespace,
                  p.proowner
                FROM pg_proc p
                LEFT JOIN pg_init_privs pip ON p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0
                WHERE %s AND (p.pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog')
                  OR p.proacl IS DISTINCT FROM pip.initprivs)""".formatted(aggregate))) {
            Aggregate object = catalog.add(new Aggregate(row, catalog));
            reading.selection().select(object);
            if (!object.wanted().isEmpty()) {
                chosen.add(object);
            }
        }
        if (!chosen.isEmpty()) {
            for (Row row : reading.session().rows(details(reading.server(), OidArray.of(chosen)))) {
                catalog.find(SystemCatalog.FUNCTION, row.oid("oid"), Aggregate.class)
                        .ifPresent(object -> object.describe(row));
            }
        }
    }

    private static String details(int server, String aggregates) {
        return """
                SELECT p.oid, aggtransfn, aggfinalfn, aggtranstype::pg_catalog.regtype, agginitval,
                  aggsortop::pg_catalog.oid AS aggsortop,
                  pg_catalog.pg_get_function_arguments(p.oid) AS funcargs,
                  pg_catalog.pg_get_function_identity_arguments(p.oid) AS funciargs, aggkind, aggmtransfn, aggminvtransfn,
                  aggmfinalfn, aggmtranstype::pg_catalog.regtype, aggfinalextra, aggmfinalextra, aggtransspace, aggmtransspace,
                  aggminitval, aggcombinefn, aggserialfn, aggdeserialfn, proparallel, %s
                FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON a.aggfnoid = p.oid
                WHERE p.oid = ANY (%s)""".formatted(
                server >= 110000 ? "aggfinalmodify, aggmfinalmodify" : "'0' AS aggfinalmodify, '0' AS aggmfinalmodify",
                aggregates);
    }
}

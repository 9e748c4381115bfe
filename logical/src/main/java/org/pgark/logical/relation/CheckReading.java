package org.pgark.logical.relation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads CHECK constraints, and those NOT NULLs that are not valid. */
final class CheckReading {
    private static final String COLUMNS =
            "SELECT c.oid, c.conrelid, c.conname, pg_catalog.pg_get_constraintdef(c.oid) AS definition, c.conislocal,"
                    + " c.convalidated";

    private final CatalogReading reading;

    CheckReading(CatalogReading reading) {
        this.reading = reading;
    }

    /** A NOT NULL that is not valid is added after the data, which may offend against it. */
    void readNotNulls(List<Long> constraints) {
        for (Row row : reading.session()
                .rows(COLUMNS + " FROM unnest(" + OidArray.sql(constraints)
                        + ") AS src(oid) JOIN pg_catalog.pg_constraint c ON src.oid = c.oid"
                        + " ORDER BY c.conrelid, c.conname")) {
            reading.catalog().add(constraint(row, 'n', true));
        }
    }

    void readChecks(List<Relation> relations) {
        Map<Relation, Integer> counts = new HashMap<>();
        for (Row row : reading.session()
                .rows(COLUMNS + " FROM unnest(" + OidArray.of(relations)
                        + ") AS src(oid) JOIN pg_catalog.pg_constraint c ON src.oid = c.conrelid"
                        + " WHERE c.contype = 'c' ORDER BY c.conrelid, c.conname")) {
            CheckConstraint check = reading.catalog().add(constraint(row, 'c', !row.flag("convalidated")));
            Relation relation = (Relation) check.host();
            relation.addCheck(check);
            counts.merge(relation, 1, Integer::sum);
            if (!check.isSeparate()) {
                relation.dependOn(check);
            }
        }
        for (Relation relation : relations) {
            int expected = relation.facts().checkCount();
            int found = counts.getOrDefault(relation, 0);
            if (found != expected && found > 0) {
                throw new DumpException("expected " + expected + " check constraint" + (expected == 1 ? "" : "s")
                        + " on table \"" + relation.name() + "\" but found " + found);
            }
        }
    }

    private CheckConstraint constraint(Row row, char type, boolean separate) {
        Relation relation = reading.catalog()
                .find(SystemCatalog.CLASS, row.oid("conrelid"), Relation.class)
                .orElseThrow(() -> new DumpException("unrecognized table OID " + row.text("conrelid")));
        return new CheckConstraint(
                SystemCatalog.CONSTRAINT.id(row.oid("oid")),
                row.text("conname"),
                relation,
                type,
                row.text("definition"),
                row.flag("conislocal"),
                separate);
    }
}

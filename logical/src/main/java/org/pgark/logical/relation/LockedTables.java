package org.pgark.logical.relation;

import java.util.List;
import java.util.function.Predicate;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Locks the tables that are dumped, and makes sure that they are what the snapshot saw before they were locked. */
final class LockedTables {
    private final CatalogReading reading;

    LockedTables(CatalogReading reading) {
        this.reading = reading;
    }

    void lock(List<Relation> relations) {
        lock(
                relations.stream().filter(LockedTables::needsLock).toList(),
                table -> table.wants(Component.DATA) && reading.options().data());
    }

    /** Likewise those of which rows are dumped for another reason than that the table is. */
    void lockForRows(List<Relation> relations) {
        lock(
                relations.stream()
                        .filter(table -> isLockable(table) && !needsLock(table))
                        .toList(),
                _ -> true);
    }

    private void lock(List<Relation> tables, Predicate<Relation> withRows) {
        if (!tables.isEmpty()) {
            reading.locks()
                    .lock(
                            reading.session(),
                            tables.stream().map(reading.words()::qualified).toList());
            check(tables, withRows);
        }
    }

    private static boolean isLockable(Relation relation) {
        return relation.form() == RelationForm.TABLE || relation.form() == RelationForm.PARTITIONED_TABLE;
    }

    private static boolean needsLock(Relation relation) {
        return isLockable(relation)
                && relation.wanted()
                        .hasAny(Component.DEFINITION, Component.DATA, Component.POLICY, Component.STATISTICS);
    }

    /**
     * The functions tell what is now, the columns what the snapshot sees. A name may mean another table by now; a table in another file
     * was truncated or rewritten, and then an older snapshot finds no rows in it (or moved, which does no harm).
     */
    private void check(List<Relation> tables, Predicate<Relation> withRows) {
        for (Row row : reading.session().rows("""
            SELECT * FROM (
              SELECT c.oid, pg_catalog.to_regclass(pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname))
                  IS DISTINCT FROM c.oid AS replaced,
                c.relkind <> 'p' AND c.relfilenode <> 0 AND pg_catalog.pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode
                  AS rewritten
              FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_class c ON c.oid = src.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace) AS state
            WHERE replaced OR rewritten""".formatted(OidArray.of(tables)))) {
            Relation table = reading.catalog()
                    .find(SystemCatalog.CLASS, row.oid("oid"), Relation.class)
                    .orElseThrow();
            String name = "table \"" + table.schemaName() + "." + table.name() + "\"";
            if (row.flag("replaced")) {
                throw new ChangedMeanwhileException(name + " was dropped or renamed before it could be locked");
            }
            if (withRows.test(table)) {
                if (reading.options().snapshot().isEmpty()) {
                    throw new ChangedMeanwhileException(name + " was truncated or rewritten before it could be locked");
                }
                reading.listener()
                        .warning(name + " was truncated or rewritten after the snapshot was taken: its rows may be"
                                + " missing from the dump");
                reading.listener()
                        .hint("What VACUUM FULL, CLUSTER or SET TABLESPACE has moved is still there; what TRUNCATE or"
                                + " ALTER TABLE has replaced is not.");
            }
        }
    }
}

package org.pgark.logical.relation;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.SystemCatalog;

/**
 * Reads all relations, the system's too (a user's table may inherit from one), and locks the tables that are dumped. It asks for
 * nothing that the server computes from a definition: no table is locked yet.
 */
public final class RelationKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined tables";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        reading.session().eachRow(query(reading.server()), row -> {
            Relation relation = catalog.add(new Relation(row, catalog));
            if (relation.form() == RelationForm.COMPOSITE_TYPE) {
                relation.want(Components.NONE);
            } else {
                reading.selection().selectRelation(relation);
            }
            if (relation.wanted().hasAny(Component.DEFINITION, Component.DATA, Component.STATISTICS)) {
                relation.markInteresting();
            }
        });
        List<Relation> relations = catalog.all(Relation.class);
        new LockedTables(reading).lock(relations);
        followOwners(catalog, relations);
    }

    /** Sequences that belong to a column are dumped with its table. */
    private static void followOwners(Catalog catalog, List<Relation> relations) {
        for (Relation sequence : relations) {
            long ownerOid = sequence.facts().ownerTable();
            if (ownerOid == 0) {
                continue;
            }
            Optional<Relation> found = catalog.find(SystemCatalog.CLASS, ownerOid, Relation.class);
            Relation owner = found.orElseThrow(() -> new DumpException("failed sanity check, parent table with OID "
                    + ownerOid + " of sequence with OID " + sequence.oid() + " not found"));
            Components wanted = owner.wanted();
            if (!sequence.facts().identitySequence()) {
                wanted = wanted.with(sequence.wanted());
            }
            sequence.want(wanted);
            if (!wanted.isEmpty()) {
                sequence.markInteresting();
                owner.markInteresting();
            }
        }
    }

    private static String query(int server) {
        return """
            SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.reltype, c.relowner, c.relchecks, c.relhasindex,
              c.relhasrules, c.relpages, c.reltuples, c.relallvisible, %s AS relallfrozen, c.relhastriggers, c.relpersistence,
              c.reloftype, c.relacl, c.relispopulated, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
              c.relispartition, %s AS relhasoids,
              acldefault(CASE WHEN c.relkind = 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner) AS acldefault,
              CASE WHEN c.relkind = 'f' THEN (SELECT ftserver FROM pg_foreign_table WHERE ftrelid = c.oid) END
                AS foreignserver,
              tc.relpages AS toastpages, tc.reloptions AS toast_reloptions, d.refobjid AS owning_tab,
              d.refobjsubid AS owning_col, (d.deptype = 'i') IS TRUE AS is_identity_sequence, tsp.spcname, am.amname,
              array_remove(array_remove(c.reloptions, 'check_option=local'), 'check_option=cascaded') AS reloptions,
              CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL'
                WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED' END AS checkoption
            FROM pg_class c
            LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
              AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
            LEFT JOIN pg_tablespace tsp ON tsp.oid = c.reltablespace
            LEFT JOIN pg_am am ON c.relam = am.oid
            LEFT JOIN pg_class tc ON c.reltoastrelid = tc.oid AND tc.relkind = 't' AND c.relkind <> 'p'
            WHERE c.relkind IN ('r', 'S', 'v', 'c', 'm', 'f', 'p')
            ORDER BY c.oid\
            """.formatted(server >= 180000 ? "c.relallfrozen" : "0", server >= 120000 ? "false" : "c.relhasoids");
    }
}

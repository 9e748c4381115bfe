package org.pgark.logical.operator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;

/** Reads operator classes or operator families. */
public final class OperatorGroupKind implements CatalogKind {
    private final boolean families;

    private OperatorGroupKind(boolean families) {
        this.families = families;
    }

    /** Reads the classes. */
    public static OperatorGroupKind classes() {
        return new OperatorGroupKind(false);
    }

    /** Reads the families. */
    public static OperatorGroupKind families() {
        return new OperatorGroupKind(true);
    }

    @Override
    public String progress() {
        return families ? "reading user-defined operator families" : "reading user-defined operator classes";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        Map<Long, OperatorGroup> chosen = new HashMap<>();
        for (Row row : reading.session().rows(families ? """
                SELECT f.oid, opfname AS name, opfnamespace AS namespace, opfowner AS owner, amname
                FROM pg_opfamily f JOIN pg_am am ON am.oid = opfmethod""" : """
                SELECT c.oid, opcname AS name, opcnamespace AS namespace, opcowner AS owner, amname,
                  opcintype::pg_catalog.regtype AS intype, opckeytype::pg_catalog.regtype AS keytype, opcdefault,
                  opfname, n.nspname AS opfnamespace
                FROM pg_opclass c JOIN pg_am am ON am.oid = opcmethod
                LEFT JOIN pg_opfamily f ON f.oid = opcfamily LEFT JOIN pg_namespace n ON n.oid = opfnamespace""")) {
            OperatorGroup group = catalog.add(new OperatorGroup(row, catalog, families));
            reading.selection().select(group);
            if (group.wants(Component.DEFINITION)) {
                chosen.put(group.oid(), group);
            }
        }
        if (!chosen.isEmpty()) {
            readMembers(reading, chosen);
        }
    }

    private void readMembers(CatalogReading reading, Map<Long, OperatorGroup> chosen) {
        String groups = families ? "pg_opfamily" : "pg_opclass";
        // What belongs to a class only loosely hangs on the family alone; a class lists operators of its own family
        // only.
        String ofFamily = families
                ? "AND amopfamily = d.refobjid"
                : "AND amopfamily = (SELECT opcfamily FROM pg_catalog.pg_opclass oc WHERE oc.oid = d.refobjid)";
        String oids = OidArray.sql(chosen.keySet());
        for (Row row : reading.session().rows("""
                SELECT d.refobjid, amopstrategy, amopopr::pg_catalog.regoperator, opfname AS sortfamily, nspname AS sortfamilynsp
                FROM pg_catalog.pg_amop ao
                JOIN pg_catalog.pg_depend d ON classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND objid = ao.oid
                LEFT JOIN pg_catalog.pg_opfamily f ON f.oid = amopsortfamily
                LEFT JOIN pg_catalog.pg_namespace n ON n.oid = opfnamespace
                WHERE refclassid = 'pg_catalog.%s'::pg_catalog.regclass AND d.refobjid = ANY (%s) %s
                ORDER BY d.refobjid, amopstrategy""".formatted(groups, oids, ofFamily))) {
            Optional.ofNullable(chosen.get(row.oid("refobjid"))).ifPresent(group -> group.addOperator(row));
        }
        for (Row row : reading.session().rows("""
                SELECT d.refobjid, amprocnum, amproc::pg_catalog.regprocedure, amproclefttype::pg_catalog.regtype,
                  amprocrighttype::pg_catalog.regtype
                FROM pg_catalog.pg_amproc ap
                JOIN pg_catalog.pg_depend d ON classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND objid = ap.oid
                WHERE refclassid = 'pg_catalog.%s'::pg_catalog.regclass AND d.refobjid = ANY (%s)
                ORDER BY d.refobjid, amprocnum""".formatted(groups, oids))) {
            Optional.ofNullable(chosen.get(row.oid("refobjid"))).ifPresent(group -> group.addFunction(row));
        }
    }
}

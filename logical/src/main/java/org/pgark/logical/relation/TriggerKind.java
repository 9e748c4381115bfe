package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads the triggers of the tables that are dumped. */
public final class TriggerKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading triggers";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Relation> tables = catalog.all(Relation.class).stream()
                .filter(table -> table.facts().hasTriggers() && table.wants(Component.DEFINITION))
                .toList();
        if (tables.isEmpty()) {
            return;
        }
        for (Row row : reading.session().rows(query(reading.server(), OidArray.of(tables)))) {
            catalog.find(SystemCatalog.CLASS, row.oid("tgrelid"), Relation.class)
                    .ifPresent(table -> catalog.add(new Trigger(
                            SystemCatalog.TRIGGER.id(row.oid("oid")),
                            row.text("tgname"),
                            table,
                            ChangedMeanwhileException.required(
                                    row.optional("tgdef"), "trigger \"" + row.text("tgname") + "\""),
                            row.letter("tgenabled"),
                            row.flag("of_partition"))));
        }
    }

    /**
     * Triggers that a partition inherits matter where they fire otherwise than the parent's; what marks them changed in 15, and
     * before 13 only pg_depend knows the parent.
     */
    private static String query(int server, String tables) {
        String ofPartition = server >= 150000 ? "t.tgparentid <> 0" : server >= 110000 ? "t.tgisinternal" : "false";
        String parent = server >= 130000
                ? "LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid"
                : server >= 110000 ? """
                        LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
                          AND d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND d.objid = t.oid
                        LEFT JOIN pg_catalog.pg_trigger u ON u.oid = d.refobjid""" : "";
        String condition = server >= 150000
                ? "(NOT t.tgisinternal AND t.tgparentid = 0) OR t.tgenabled != u.tgenabled"
                : server >= 110000 ? "NOT t.tgisinternal OR t.tgenabled != u.tgenabled" : "NOT t.tgisinternal";
        return """
                SELECT t.oid, t.tgrelid, t.tgname, pg_catalog.pg_get_triggerdef(t.oid, false) AS tgdef, t.tgenabled,
                  %s AS of_partition
                FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_trigger t ON src.oid = t.tgrelid
                %s
                WHERE (%s) ORDER BY t.tgrelid, t.tgname""".formatted(ofPartition, tables, parent, condition);
    }
}

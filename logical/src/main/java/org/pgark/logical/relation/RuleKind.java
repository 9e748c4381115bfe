package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads all rules, the system's views' too: dependencies go through them. */
public final class RuleKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading rewrite rules";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Rule> written = new ArrayList<>();
        for (Row row : reading.session()
                .rows("SELECT oid, rulename, ev_class, ev_type, is_instead, ev_enabled FROM pg_rewrite ORDER BY oid")) {
            Relation relation = catalog.find(SystemCatalog.CLASS, row.oid("ev_class"), Relation.class)
                    .orElseThrow(
                            () -> new DumpException("failed sanity check, parent table with OID " + row.text("ev_class")
                                    + " of pg_rewrite entry with OID " + row.text("oid") + " not found"));
            Rule rule = catalog.add(new Rule(
                    SystemCatalog.REWRITE.id(row.oid("oid")),
                    row.text("rulename"),
                    relation,
                    row.letter("ev_type") == '1' && row.flag("is_instead"),
                    row.letter("ev_enabled")));
            if (rule.isSeparate()) {
                rule.dependOn(relation);
                if (rule.wants(Component.DEFINITION)) {
                    written.add(rule);
                }
            } else {
                // what the rule needs decides where the view goes
                relation.dependOn(rule);
            }
        }
        if (reading.options().schema() && !written.isEmpty()) {
            for (Row row : reading.session()
                    .rows("SELECT src.oid, pg_catalog.pg_get_ruledef(src.oid) AS definition FROM unnest("
                            + OidArray.of(written) + ") AS src(oid)")) {
                catalog.find(SystemCatalog.REWRITE, row.oid("oid"), Rule.class)
                        .ifPresent(rule -> rule.define(ChangedMeanwhileException.required(
                                row.optional("definition"), "rule \"" + rule.name() + "\"")));
            }
        }
    }
}

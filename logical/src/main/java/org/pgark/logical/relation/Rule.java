package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.PartObject;

/** A rewrite rule; the ON SELECT rule of a view is the view, and only a rule where a dependency loop cuts the view in two. */
public final class Rule extends PartObject {
    private final Relation relation;
    private final boolean makesView;
    private final char enabled;
    private String definition = "";

    Rule(CatalogId id, String name, Relation relation, boolean selectInstead, char enabled) {
        super(ObjectKind.RULE, id, name, relation.schema(), !(selectInstead && isView(relation)));
        this.relation = relation;
        this.makesView = selectInstead;
        this.enabled = enabled;
        want(relation.wanted());
    }

    private static boolean isView(Relation relation) {
        return relation.form() == RelationForm.VIEW || relation.form() == RelationForm.MATERIALIZED_VIEW;
    }

    @Override
    public DumpObject host() {
        return relation;
    }

    /** Whether it is the ON SELECT DO INSTEAD rule of its relation. */
    public boolean makesView() {
        return makesView;
    }

    void define(String text) {
        this.definition = text;
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof Rule rule ? relation.compareNames(rule.relation) : 0;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!isSeparate()) {
            return;
        }
        String quoted = writer.quote(name());
        String table = writer.qualified(relation);
        if (wants(Component.DEFINITION)) {
            ViewSql view = new ViewSql(relation, writer);
            StringBuilder sql = new StringBuilder(
                    makesView ? "CREATE OR REPLACE VIEW " + table + view.body() + ";\n" : definition + "\n");
            switch (enabled) {
                case 'A' -> sql.append("ALTER TABLE " + table + " ENABLE ALWAYS RULE " + quoted + ";\n");
                case 'R' -> sql.append("ALTER TABLE " + table + " ENABLE REPLICA RULE " + quoted + ";\n");
                case 'D' -> sql.append("ALTER TABLE " + table + " DISABLE RULE " + quoted + ";\n");
                default -> {}
            }
            // an ON SELECT rule cannot be dropped, only replaced by one that needs nothing
            String drop = makesView
                    ? "CREATE OR REPLACE VIEW " + table + " AS\n" + view.placeholder() + ";\n"
                    : "DROP RULE " + quoted + " ON " + table + ";\n";
            writer.add(
                    this,
                    new EntryText("RULE", relation.name() + " " + name())
                            .owner(relation.owner())
                            .postData()
                            .define(sql.toString())
                            .drop(drop));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "RULE " + quoted + " ON",
                    writer.quote(relation.name()),
                    relation.schemaName(),
                    relation.owner());
        }
    }
}

package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.EntryWriter;

/** The text of a view after its name. */
final class ViewSql {
    private final Relation view;
    private final EntryWriter writer;

    ViewSql(Relation view, EntryWriter writer) {
        this.view = view;
        this.writer = writer;
    }

    /** Options, query and check option. */
    String body() {
        StringBuilder sql = new StringBuilder();
        List<String> options = view.facts().options();
        if (!options.isEmpty()) {
            sql.append(" WITH (").append(writer.storageParameters(options, "")).append(')');
        }
        sql.append(" AS\n").append(query());
        if (!view.facts().checkOption().isEmpty()) {
            sql.append("\n  WITH ").append(view.facts().checkOption()).append(" CHECK OPTION");
        }
        return sql.toString();
    }

    /** The query without its semicolon. */
    String query() {
        String query = view.text(RelationText.VIEW_DEFINITION);
        if (query.isEmpty()) {
            throw new DumpException("definition of view \"" + view.name() + "\" appears to be empty (length zero)");
        }
        return query.substring(0, query.length() - 1);
    }

    /** A query that has the view's columns and types, and needs nothing else. */
    String placeholder() {
        StringBuilder sql = new StringBuilder("SELECT");
        String separator = "";
        for (Column column : view.columns()) {
            sql.append(separator).append("\n    NULL::").append(column.type());
            TableSql.appendCollation(sql, column, writer);
            sql.append(" AS ").append(writer.quote(column.name()));
            separator = ",";
        }
        return sql.toString();
    }
}

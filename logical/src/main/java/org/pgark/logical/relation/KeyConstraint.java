package org.pgark.logical.relation;

import java.util.List;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;

/** A constraint that an index enforces: primary key, unique or exclusion. */
public final class KeyConstraint extends Constraint {
    private final Relation table;
    private final Index index;
    private final String definition;
    private final boolean deferrable;
    private final boolean deferred;
    private final boolean withoutOverlaps;

    KeyConstraint(CatalogId id, Row row, Index index) {
        super(ObjectKind.CONSTRAINT, id, row.text("conname"), index.table(), row.letter("contype"), true);
        this.table = index.table();
        this.index = index;
        this.definition = row.text("condef");
        this.deferrable = row.flag("condeferrable");
        this.deferred = row.flag("condeferred");
        this.withoutOverlaps = row.flag("conperiod");
    }

    public Index index() {
        return index;
    }

    @Override
    public void write(EntryWriter writer) {
        String alter = "ALTER " + (table.form() == RelationForm.FOREIGN_TABLE ? "FOREIGN " : "") + "TABLE ONLY "
                + writer.qualified(table);
        if (wants(Component.DEFINITION)) {
            StringBuilder sql = new StringBuilder(alter)
                    .append("\n    ADD CONSTRAINT ")
                    .append(writer.quote(name()))
                    .append(' ')
                    .append(type() == 'x' ? definition : ownDefinition(writer))
                    .append(";\n");
            index.appendClustering(sql, writer);
            index.appendReplicaIdentity(sql, writer);
            writer.appendExtensionDependencies(sql, index, "INDEX", writer.qualified(index));
            writer.add(
                    this,
                    new EntryText("CONSTRAINT", table.name() + " " + name())
                            .owner(table.owner())
                            .tablespace(index.tablespace())
                            .postData()
                            .define(sql.toString())
                            .drop(alter + " DROP CONSTRAINT " + writer.quote(name()) + ";\n"));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "CONSTRAINT " + writer.quote(name()) + " ON",
                    writer.quote(table.name()),
                    table.schemaName(),
                    table.owner());
        }
    }

    /** The definition of a primary key or unique constraint, without the tablespace, which the entry has. */
    private String ownDefinition(EntryWriter writer) {
        StringBuilder sql = new StringBuilder(type() == 'p' ? "PRIMARY KEY" : "UNIQUE");
        if (type() != 'p' && index.treatsNullsAsEqual()) {
            sql.append(" NULLS NOT DISTINCT");
        }
        List<Long> keys = index.keys();
        sql.append(" (").append(columns(keys.subList(0, index.keyCount()), writer));
        if (withoutOverlaps) {
            sql.append(" WITHOUT OVERLAPS");
        }
        if (index.keyCount() < keys.size()) {
            sql.append(") INCLUDE (").append(columns(keys.subList(index.keyCount(), keys.size()), writer));
        }
        sql.append(')');
        if (!index.options().isEmpty()) {
            sql.append(" WITH (")
                    .append(writer.storageParameters(index.options(), ""))
                    .append(')');
        }
        if (deferrable) {
            sql.append(" DEFERRABLE");
            if (deferred) {
                sql.append(" INITIALLY DEFERRED");
            }
        }
        return sql.toString();
    }

    private String columns(List<Long> numbers, EntryWriter writer) {
        return numbers.stream()
                .takeWhile(number -> number != 0)
                .map(number -> writer.quote(table.columnName(number.intValue())))
                .collect(Collectors.joining(", "));
    }
}

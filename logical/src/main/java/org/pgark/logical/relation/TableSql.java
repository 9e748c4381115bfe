package org.pgark.logical.relation;

import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;

/** Writes the entries of a table, foreign table, view or materialized view, with its comments and labels. */
final class TableSql {
    private final Relation table;
    private final EntryWriter writer;
    private final String name;
    private final StringBuilder sql = new StringBuilder();

    TableSql(Relation table, EntryWriter writer) {
        this.table = table;
        this.writer = writer;
        this.name = writer.qualified(table);
    }

    void write() {
        RelationForm form = table.form();
        RelationFacts facts = table.facts();
        if (facts.withOids()) {
            writer.listener()
                    .warning("WITH OIDS is not supported anymore (table \"" + writer.quote(table.name()) + "\")");
        }
        if (form == RelationForm.VIEW) {
            ViewSql view = new ViewSql(table, writer);
            sql.append("CREATE VIEW ")
                    .append(name)
                    .append(table.isDefinitionSplit() ? " AS\n" + view.placeholder() : view.body())
                    .append(";\n");
        } else {
            create();
            if (table.isPartition() && writer.emulated() < TableAttach.FIRST_VERSION) {
                sql.append(TableAttach.sql(table.parents().getFirst(), table, writer));
            }
            new ColumnAlterations(table, writer, sql).append();
        }
        appendReplicaIdentity();
        if (facts.forcedRowSecurity()) {
            sql.append("\nALTER TABLE ONLY ").append(name).append(" FORCE ROW LEVEL SECURITY;\n");
        }
        EntryText entry = new EntryText(form.words(), table.name())
                .owner(table.owner())
                .relationForm(form.letter())
                .define(sql.toString())
                .drop("DROP " + form.words() + " " + name + ";\n");
        if (form.hasTablespace()) {
            entry.tablespace(facts.tablespace());
        }
        if (form.hasAccessMethod()) {
            facts.accessMethod().ifPresent(entry::accessMethod);
        }
        if (table.isDefinitionPostponed()) {
            entry.postData();
        }
        writer.add(table, entry);
        new RelationRemarks(table, writer).write();
    }

    private void create() {
        RelationForm form = table.form();
        RelationFacts facts = table.facts();
        // since 18 a partitioned table cannot be unlogged; before, it had no effect
        boolean unlogged = facts.isUnlogged() && (form != RelationForm.PARTITIONED_TABLE || writer.emulated() < 18);
        sql.append("CREATE ")
                .append(unlogged ? "UNLOGGED " : "")
                .append(form.words())
                .append(' ')
                .append(name);
        if (form != RelationForm.MATERIALIZED_VIEW) {
            if (facts.typedBy() != 0) {
                sql.append(" OF ").append(table.text(RelationText.TYPE_OF_ROWS));
            }
            appendElements();
            appendParents();
            if (form == RelationForm.PARTITIONED_TABLE) {
                sql.append("\nPARTITION BY ").append(table.text(RelationText.PARTITION_KEY));
            }
            if (form == RelationForm.FOREIGN_TABLE) {
                sql.append("\nSERVER ").append(writer.quote(table.text(RelationText.FOREIGN_SERVER)));
            }
        }
        if (!facts.options().isEmpty() || !facts.toastOptions().isEmpty()) {
            sql.append("\nWITH (")
                    .append(writer.storageParameters(facts.options(), ""))
                    .append(facts.options().isEmpty() || facts.toastOptions().isEmpty() ? "" : ", ")
                    .append(writer.storageParameters(facts.toastOptions(), "toast."))
                    .append(')');
        }
        if (!table.text(RelationText.FOREIGN_OPTIONS).isEmpty()) {
            sql.append("\nOPTIONS (\n    ")
                    .append(table.text(RelationText.FOREIGN_OPTIONS))
                    .append("\n)");
        }
        if (form == RelationForm.MATERIALIZED_VIEW) {
            sql.append(" AS\n").append(new ViewSql(table, writer).query()).append("\n  WITH NO DATA;\n");
            writer.appendExtensionDependencies(sql, table, "MATERIALIZED VIEW", name);
        } else {
            sql.append(";\n");
        }
    }

    private void appendElements() {
        boolean typed = table.facts().typedBy() != 0;
        String separator = " (\n    ";
        for (Column column : table.columns()) {
            String element = element(column, typed);
            if (!element.isEmpty()) {
                sql.append(separator).append(element);
                separator = ",\n    ";
            }
        }
        for (CheckConstraint check : table.checks()) {
            // a partition is made by itself, so it needs the inherited ones before it is attached
            if (!check.isSeparate() && (check.isLocal() || table.isPartition())) {
                sql.append(separator)
                        .append("CONSTRAINT ")
                        .append(writer.quote(check.name()))
                        .append(' ')
                        .append(check.definition());
                separator = ",\n    ";
            }
        }
        if (separator.startsWith(",")) {
            sql.append("\n)");
        } else if (!typed) {
            sql.append(" (\n)");
        }
    }

    /** What CREATE TABLE says of a column; "" where it says nothing. */
    private String element(Column column, boolean typed) {
        NotNull notNull = column.notNull();
        if (!table.createsColumn(column)) {
            if (column.isDropped() || !notNull.isSet() || !notNull.local()) {
                return "";
            }
            String constraint = notNull.name().orElse("");
            return (constraint.isEmpty() ? "" : "CONSTRAINT " + writer.quoteIfNeeded(constraint) + " ") + "NOT NULL "
                    + writer.quote(column.name()) + (notNull.noInherit() ? " NO INHERIT" : "");
        }
        boolean withDefault = column.defaultValue()
                .filter(value -> !value.wanted().isEmpty() && !value.isSeparate())
                .isPresent();
        boolean withNotNull = notNull.isSet() && (notNull.local() || table.isPartition());
        if (typed && !withDefault && !withNotNull) {
            return "";
        }
        StringBuilder element = new StringBuilder(writer.quote(column.name()));
        if (!typed) {
            element.append(' ').append(column.type());
        }
        if (withDefault) {
            String expression = column.defaultValue().orElseThrow().expression();
            switch (column.generated()) {
                case 's' -> element.append(" GENERATED ALWAYS AS (" + expression + ") STORED");
                case 'v' -> element.append(" GENERATED ALWAYS AS (" + expression + ")");
                default -> element.append(" DEFAULT " + expression);
            }
        }
        if (withNotNull) {
            String constraint = notNull.name().orElse("");
            element.append(constraint.isEmpty() ? "" : " CONSTRAINT " + writer.quote(constraint))
                    .append(" NOT NULL")
                    .append(notNull.noInherit() ? " NO INHERIT" : "");
        }
        appendCollation(element, column, writer);
        return element.toString();
    }

    static void appendCollation(StringBuilder sql, Column column, EntryWriter writer) {
        column.collationSchema()
                .ifPresent(schema -> sql.append(" COLLATE ").append(writer.qualified(schema, column.collation())));
    }

    private void appendParents() {
        if (table.parents().isEmpty() || table.isPartition()) {
            return;
        }
        String separator = "\nINHERITS (";
        for (Relation parent : table.parents()) {
            sql.append(separator).append(writer.qualified(parent));
            separator = ", ";
        }
        sql.append(')');
    }

    private void appendReplicaIdentity() {
        RelationForm form = table.form();
        if (form == RelationForm.TABLE
                || form == RelationForm.PARTITIONED_TABLE
                || form == RelationForm.MATERIALIZED_VIEW) {
            switch (table.facts().replicaIdentity()) {
                case 'n' -> sql.append("\nALTER TABLE ONLY " + name + " REPLICA IDENTITY NOTHING;\n");
                case 'f' -> sql.append("\nALTER TABLE ONLY " + name + " REPLICA IDENTITY FULL;\n");
                default -> {}
            }
        }
    }
}

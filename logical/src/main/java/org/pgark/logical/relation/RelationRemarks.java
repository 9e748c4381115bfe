package org.pgark.logical.relation;

import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.Annotations;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;

/** Comments and security labels of a relation, its columns and the constraints inside its definition. */
final class RelationRemarks {
    private final Relation relation;
    private final EntryWriter writer;
    private final String words;
    private final String quoted;

    RelationRemarks(Relation relation, EntryWriter writer) {
        this.relation = relation;
        this.writer = writer;
        this.words = relation.form().words();
        this.quoted = writer.quote(relation.name());
    }

    void write() {
        boolean commented = !writer.options().has(DumpSwitch.NO_COMMENTS);
        if (relation.wants(Component.COMMENT) && commented) {
            for (Map.Entry<Integer, String> comment :
                    writer.annotations().comments(relation.id()).entrySet()) {
                comment(comment.getKey(), comment.getValue());
            }
        }
        if (relation.wants(Component.SECURITY_LABEL) && !writer.options().has(DumpSwitch.NO_SECURITY_LABELS)) {
            labels();
        }
        if (commented) {
            notNullComments();
        }
        for (CheckConstraint check : relation.checks()) {
            if (!check.isSeparate() && check.isLocal()) {
                check.writeComment(writer);
            }
        }
    }

    private void comment(int column, String text) {
        String target;
        String tag;
        if (column == 0) {
            target = words + " " + writer.qualified(relation);
            tag = words + " " + quoted;
        } else if (column > 0 && column <= relation.columns().size()) {
            String name = writer.quote(relation.columnName(column));
            target = "COLUMN " + writer.qualified(relation) + "." + name;
            tag = "COLUMN " + quoted + "." + name;
        } else {
            return;
        }
        remark("COMMENT", tag, "COMMENT ON " + target + " IS " + writer.literal(text) + ";\n");
    }

    private void labels() {
        List<Annotations.Label> labels = writer.annotations().labels(relation.id());
        StringBuilder sql = new StringBuilder();
        for (Annotations.Label label : labels) {
            String target = label.part() == 0
                    ? words + " " + writer.qualified(relation)
                    : "COLUMN " + writer.qualified(relation) + "." + writer.quote(relation.columnName(label.part()));
            sql.append("SECURITY LABEL FOR ")
                    .append(writer.quote(label.provider()))
                    .append(" ON ")
                    .append(target)
                    .append(" IS ")
                    .append(writer.literal(label.label()))
                    .append(";\n");
        }
        if (!sql.isEmpty()) {
            remark("SECURITY LABEL", words + " " + quoted, sql.toString());
        }
    }

    private void notNullComments() {
        for (Column column : relation.columns()) {
            NotNull notNull = column.notNull();
            if (notNull.isSet() && notNull.comment().isPresent()) {
                String name = writer.quote(notNull.name().orElseThrow());
                remark(
                        "COMMENT",
                        "CONSTRAINT " + name + " ON " + quoted,
                        "COMMENT ON CONSTRAINT " + name + " ON " + writer.qualified(relation) + " IS "
                                + writer.literal(notNull.comment().get()) + ";\n");
            }
        }
    }

    private void remark(String description, String tag, String sql) {
        writer.attach(new EntryText(description, tag)
                .schema(relation.schemaName())
                .owner(relation.owner())
                .withOwnerSection()
                .dependsOn(relation.dumpId())
                .define(sql));
    }
}

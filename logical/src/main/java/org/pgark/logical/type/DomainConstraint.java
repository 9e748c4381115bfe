package org.pgark.logical.type;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.relation.Constraint;

/** A CHECK of a domain, or a named NOT NULL. */
final class DomainConstraint extends Constraint {
    private final DataType domain;
    private final String definition;

    DomainConstraint(Row row, DataType domain) {
        super(
                ObjectKind.CONSTRAINT,
                SystemCatalog.CONSTRAINT.id(row.oid("conoid")),
                row.text("conname"),
                domain,
                row.letter("contype"),
                !row.flag("convalidated"));
        this.domain = domain;
        this.definition = row.text("definition");
    }

    String definition() {
        return definition;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!isSeparate()) {
            return;
        }
        if (wants(Component.DEFINITION)) {
            String alter = "ALTER DOMAIN " + writer.qualified(domain);
            String quoted = writer.quote(name());
            writer.add(
                    this,
                    new EntryText(type() == 'c' ? "CHECK CONSTRAINT" : "CONSTRAINT", domain.name() + " " + name())
                            .owner(domain.owner())
                            .postData()
                            .define(alter + "\n    ADD CONSTRAINT " + quoted + " " + definition + ";\n")
                            .drop(alter + " DROP CONSTRAINT " + quoted + ";\n"));
        }
        writeComment(writer, dumpId());
    }

    /** Writes the comment, which hangs on the entry that makes the constraint. */
    void writeComment(EntryWriter writer, int definedBy) {
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "CONSTRAINT " + writer.quote(name()) + " ON DOMAIN",
                    writer.quote(domain.name()),
                    domain.schemaName(),
                    domain.owner(),
                    definedBy);
        }
    }
}

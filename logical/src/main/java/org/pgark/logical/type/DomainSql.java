package org.pgark.logical.type;

import java.util.Optional;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Row;

/**
 * A domain.
 *
 * @param row what pg_type says of it
 */
record DomainSql(Row row) implements TypeSql {
    @Override
    public String word() {
        return "DOMAIN";
    }

    @Override
    public String create(DataType type, EntryWriter writer) {
        StringBuilder sql = new StringBuilder("CREATE DOMAIN " + writer.qualified(type) + " AS " + row.text("typdefn"));
        if (!row.isAbsent("collname")) {
            sql.append(" COLLATE " + writer.qualified(row.text("collnsp"), row.text("collname")));
        }
        if (row.flag("typnotnull")) {
            sql.append(notNull(type, writer));
        }
        if (!row.isAbsent("typdefaultbin")) {
            sql.append(" DEFAULT " + row.text("typdefaultbin"));
        } else if (!row.isAbsent("typdefault")) {
            sql.append(" DEFAULT " + writer.literal(row.text("typdefault")));
        }
        for (DomainConstraint check : type.constraints().checks()) {
            if (!check.isSeparate()) {
                sql.append("\n\tCONSTRAINT " + writer.quote(check.name()) + " " + check.definition());
            }
        }
        return sql.append(";\n").toString();
    }

    private static String notNull(DataType type, EntryWriter writer) {
        Optional<DomainConstraint> named = type.constraints().notNull();
        if (named.isEmpty() || named.get().name().equals(type.name() + "_not_null")) {
            return named.isPresent() && named.get().isSeparate() ? "" : " NOT NULL";
        }
        return named.get().isSeparate()
                ? ""
                : " CONSTRAINT " + writer.quote(named.get().name()) + " "
                        + named.get().definition();
    }

    @Override
    public void writeParts(DataType type, EntryWriter writer) {
        for (DomainConstraint check : type.constraints().checks()) {
            if (!check.isSeparate()) {
                check.writeComment(writer, type.dumpId());
            }
        }
        type.constraints()
                .notNull()
                .filter(constraint -> !constraint.isSeparate())
                .ifPresent(constraint -> constraint.writeComment(writer, type.dumpId()));
    }
}

package org.pgark.logical.type;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryWriter;

/** A type that only the server has, such as "any": no statement makes it. */
record PseudoTypeSql() implements TypeSql {
    @Override
    public String create(DataType type, EntryWriter writer) {
        throw new IllegalStateException("no statement makes the type \"" + type.name() + "\"");
    }

    @Override
    public void write(DataType type, EntryWriter writer) {
        if (type.wants(Component.DEFINITION)) {
            writer.listener().warning("typtype of data type \"" + type.name() + "\" appears to be invalid");
        } else {
            TypeSql.super.write(type, writer);
        }
    }
}

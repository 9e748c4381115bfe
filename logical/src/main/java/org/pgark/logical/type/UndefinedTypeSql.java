package org.pgark.logical.type;

import org.pgark.logical.catalog.EntryWriter;

/** A type that was announced but never made. */
record UndefinedTypeSql() implements TypeSql {
    @Override
    public String create(DataType type, EntryWriter writer) {
        return "CREATE TYPE " + writer.qualified(type) + ";\n";
    }
}

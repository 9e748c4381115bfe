package org.pgark.logical.type;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;

/** How a type of some form is written. */
sealed interface TypeSql
        permits BaseTypeSql,
                CompositeTypeSql,
                DomainSql,
                EnumerationSql,
                PseudoTypeSql,
                RangeTypeSql,
                UndefinedTypeSql {
    /** The statement that makes the type. */
    String create(DataType type, EntryWriter writer);

    /** What SQL calls the type when it is dropped or commented on. */
    default String word() {
        return "TYPE";
    }

    /** What stands behind the name when the type is dropped. */
    default String dropSuffix() {
        return "";
    }

    /** Writes what hangs on parts of the type. */
    default void writeParts(DataType type, EntryWriter writer) {}

    /** Writes the entries of a type. */
    default void write(DataType type, EntryWriter writer) {
        String quoted = writer.quote(type.name());
        if (type.wants(Component.DEFINITION)) {
            writer.add(
                    type,
                    new EntryText(word(), type.name())
                            .owner(type.owner())
                            .define(create(type, writer))
                            .drop("DROP " + word() + " " + writer.qualified(type) + dropSuffix() + ";\n"));
        }
        writer.remarks(type, word(), quoted, type.owner());
        if (type.wants(Component.PRIVILEGES)) {
            writer.privileges(type, "TYPE", quoted, type.schemaName(), type.owner(), type.privileges());
        }
        writeParts(type, writer);
    }
}

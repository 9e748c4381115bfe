package org.pgark.logical.type;

import java.util.List;
import java.util.StringJoiner;
import org.pgark.logical.catalog.EntryWriter;

/**
 * An enumeration.
 *
 * @param labels its values in their order
 */
record EnumerationSql(List<String> labels) implements TypeSql {
    EnumerationSql {
        labels = List.copyOf(labels);
    }

    @Override
    public String create(DataType type, EntryWriter writer) {
        StringJoiner values = new StringJoiner(",");
        labels.forEach(label -> values.add("\n    " + writer.literal(label)));
        return "CREATE TYPE " + writer.qualified(type) + " AS ENUM (" + values + "\n);\n";
    }
}

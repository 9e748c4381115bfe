package org.pgark.logical.type;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/**
 * A composite type.
 *
 * @param attributes its attributes, without dropped ones
 */
record CompositeTypeSql(List<Row> attributes) implements TypeSql {
    CompositeTypeSql {
        attributes = List.copyOf(attributes);
    }

    @Override
    public String create(DataType type, EntryWriter writer) {
        StringJoiner columns = new StringJoiner(",");
        for (Row attribute : attributes) {
            String collation = attribute.isAbsent("collname")
                    ? ""
                    : " COLLATE " + writer.qualified(attribute.text("collnsp"), attribute.text("collname"));
            columns.add(
                    "\n\t" + writer.quote(attribute.text("attname")) + " " + attribute.text("atttypdefn") + collation);
        }
        return "CREATE TYPE " + writer.qualified(type) + " AS (" + columns + "\n);\n";
    }

    @Override
    public void writeParts(DataType type, EntryWriter writer) {
        if (!type.wants(Component.COMMENT) || writer.options().has(DumpSwitch.NO_COMMENTS)) {
            return;
        }
        CatalogId shape = SystemCatalog.CLASS.id(type.shape());
        for (Map.Entry<Integer, String> comment :
                writer.annotations().comments(shape).entrySet()) {
            for (Row attribute : attributes) {
                if (attribute.integer("attnum") == comment.getKey()) {
                    writeComment(type, writer, attribute.text("attname"), comment.getValue());
                }
            }
        }
    }

    private static void writeComment(DataType type, EntryWriter writer, String attribute, String comment) {
        String quoted = writer.quote(attribute);
        writer.attach(new EntryText("COMMENT", "COLUMN " + writer.quote(type.name()) + "." + quoted)
                .schema(type.schemaName())
                .owner(type.owner())
                .withOwnerSection()
                .dependsOn(type.dumpId())
                .define("COMMENT ON COLUMN " + writer.qualified(type) + "." + quoted + " IS " + writer.literal(comment)
                        + ";\n"));
    }
}

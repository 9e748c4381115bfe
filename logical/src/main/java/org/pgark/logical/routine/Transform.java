package org.pgark.logical.routine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** A transform of a type for a language. */
final class Transform extends DumpObject {
    private final Row row;

    Transform(Row row, String name) {
        super(ObjectKind.TRANSFORM, SystemCatalog.TRANSFORM.id(row.oid("oid")), name, Optional.empty());
        this.row = row;
    }

    @Override
    public void write(EntryWriter writer) {
        String identity = "FOR " + DataType.name(writer.catalog(), row.oid("trftype")) + " LANGUAGE "
                + writer.quote(row.text("lanname"));
        if (wants(Component.DEFINITION)) {
            EntryText text = new EntryText("TRANSFORM", "TRANSFORM " + identity)
                    .define("CREATE TRANSFORM " + identity + " (" + functions(writer) + ");\n")
                    .drop("DROP TRANSFORM " + identity + ";\n");
            writer.add(this, text);
        }
        writer.remarks(this, "TRANSFORM", identity, "");
    }

    private String functions(EntryWriter writer) {
        List<String> functions = new ArrayList<>();
        if (row.oid("trffromsql") != 0) {
            functions.add("FROM SQL WITH FUNCTION "
                    + Cast.function(writer, row.oid("trffromsql")).qualifiedSignature(writer));
        }
        if (row.oid("trftosql") != 0) {
            functions.add("TO SQL WITH FUNCTION "
                    + Cast.function(writer, row.oid("trftosql")).qualifiedSignature(writer));
        }
        if (functions.isEmpty()) {
            writer.listener()
                    .warning("bogus transform definition, at least one of trffromsql and trftosql should be nonzero");
        }
        return String.join(", ", functions);
    }
}

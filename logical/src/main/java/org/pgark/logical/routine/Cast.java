package org.pgark.logical.routine;

import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** A cast from one type to another. */
final class Cast extends DumpObject {
    private final Row row;

    Cast(Row row, String name) {
        super(ObjectKind.CAST, SystemCatalog.CAST.id(row.oid("oid")), name, Optional.empty());
        this.row = row;
    }

    @Override
    public void write(EntryWriter writer) {
        String types = "(" + DataType.name(writer.catalog(), row.oid("castsource")) + " AS "
                + DataType.name(writer.catalog(), row.oid("casttarget")) + ")";
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("CAST", "CAST " + types)
                            .define("CREATE CAST " + types + " " + method(writer) + context() + ";\n")
                            .drop("DROP CAST " + types + ";\n"));
        }
        writer.remarks(this, "CAST", types, "");
    }

    private String method(EntryWriter writer) {
        return switch (row.letter("castmethod")) {
            case 'b' -> "WITHOUT FUNCTION";
            case 'i' -> "WITH INOUT";
            case 'f' -> "WITH FUNCTION " + function(writer, row.oid("castfunc")).qualifiedSignature(writer);
            default -> {
                writer.listener().warning("bogus value in pg_cast.castmethod field");
                yield "";
            }
        };
    }

    static Function function(EntryWriter writer, long oid) {
        return writer.catalog()
                .find(SystemCatalog.FUNCTION, oid, Function.class)
                .orElseThrow(
                        () -> new DumpException("could not find function definition for function with OID " + oid));
    }

    private String context() {
        return switch (row.letter("castcontext")) {
            case 'a' -> " AS ASSIGNMENT";
            case 'i' -> " AS IMPLICIT";
            default -> "";
        };
    }
}

package org.pgark.logical.routine;

import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.operator.Operator;

/** An aggregate. */
public final class Aggregate extends Routine {
    Aggregate(Row row, Catalog catalog) {
        super(ObjectKind.AGGREGATE, row, catalog);
    }

    @Override
    public void write(EntryWriter writer) {
        String identity = signature(writer, details().text("funciargs"));
        String schema = writer.quote(schemaName()) + ".";
        if (wants(Component.DEFINITION)) {
            String tag = name() + "(" + (argumentTypes().isEmpty() ? "*" : argumentTypeNames()) + ")";
            writer.add(
                    this,
                    new EntryText("AGGREGATE", tag)
                            .owner(owner())
                            .define("CREATE AGGREGATE " + schema
                                    + signature(writer, details().text("funcargs")) + " (\n" + properties(writer)
                                    + "\n);\n")
                            .drop("DROP AGGREGATE " + schema + identity + ";\n"));
        }
        writer.remarks(this, "AGGREGATE", identity, owner());
        // GRANT knows no aggregates, and takes () for what is written (*) elsewhere.
        writePrivileges(writer, "FUNCTION", signature(writer));
    }

    private String signature(EntryWriter writer, String arguments) {
        return writer.quote(name()) + "(" + (argumentTypes().isEmpty() ? "*" : arguments) + ")";
    }

    private String properties(EntryWriter writer) {
        Row row = details();
        StringBuilder sql = new StringBuilder(
                "    SFUNC = " + row.text("aggtransfn") + ",\n    STYPE = " + row.text("aggtranstype"));
        unless("0", sql, "SSPACE", "aggtransspace");
        initial(writer, sql, "INITCOND", "agginitval");
        finish(sql, "FINALFUNC", "aggfinalfn", "aggfinalextra", "aggfinalmodify");
        unless("-", sql, "COMBINEFUNC", "aggcombinefn");
        unless("-", sql, "SERIALFUNC", "aggserialfn");
        unless("-", sql, "DESERIALFUNC", "aggdeserialfn");
        if (!row.text("aggmtransfn").equals("-")) {
            sql.append(",\n    MSFUNC = " + row.text("aggmtransfn"));
            sql.append(",\n    MINVFUNC = " + row.text("aggminvtransfn"));
            sql.append(",\n    MSTYPE = " + row.text("aggmtranstype"));
        }
        unless("0", sql, "MSSPACE", "aggmtransspace");
        initial(writer, sql, "MINITCOND", "aggminitval");
        finish(sql, "MFINALFUNC", "aggmfinalfn", "aggmfinalextra", "aggmfinalmodify");
        Operator.reference(writer, row.oid("aggsortop"))
                .ifPresent(operator -> sql.append(",\n    SORTOP = " + operator));
        if (row.letter("aggkind") == 'h') {
            sql.append(",\n    HYPOTHETICAL");
        }
        sql.append(
                switch (row.letter("proparallel")) {
                    case 'u' -> "";
                    case 's' -> ",\n    PARALLEL = safe";
                    case 'r' -> ",\n    PARALLEL = restricted";
                    default ->
                        throw new DumpException("unrecognized proparallel value for function \"" + name() + "\"");
                });
        return sql.toString();
    }

    private void unless(String empty, StringBuilder sql, String word, String column) {
        if (!details().text(column).equals(empty)) {
            sql.append(",\n    " + word + " = " + details().text(column));
        }
    }

    private void initial(EntryWriter writer, StringBuilder sql, String word, String column) {
        details().optional(column).ifPresent(value -> sql.append(",\n    " + word + " = " + writer.literal(value)));
    }

    private void finish(StringBuilder sql, String word, String function, String extra, String modify) {
        if (details().text(function).equals("-")) {
            return;
        }
        sql.append(",\n    " + word + " = " + details().text(function));
        if (details().flag(extra)) {
            sql.append(",\n    " + word + "_EXTRA");
        }
        char normal = details().letter("aggkind") == 'n' ? 'r' : 'w';
        char modifies = details().letter(modify);
        if (modifies != '0' && modifies != normal) {
            sql.append(",\n    " + word + "_MODIFY = ")
                    .append(
                            switch (modifies) {
                                case 'r' -> "READ_ONLY";
                                case 's' -> "SHAREABLE";
                                case 'w' -> "READ_WRITE";
                                default ->
                                    throw new DumpException(
                                            "unrecognized aggfinalmodify value for aggregate \"" + name() + "\"");
                            });
        }
    }
}

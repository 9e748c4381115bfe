package org.pgark.logical.operator;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** An operator. */
public final class Operator extends DumpObject {
    private final Catalog catalog;
    private final Row row;
    private final String owner;
    private Optional<Row> details = Optional.empty();

    Operator(Row row, Catalog catalog) {
        super(
                ObjectKind.OPERATOR,
                SystemCatalog.OPERATOR.id(row.oid("oid")),
                row.text("oprname"),
                Optional.of(catalog.schema(row.oid("oprnamespace"))));
        this.catalog = catalog;
        this.row = row;
        this.owner = catalog.role(row.oid("oprowner"));
    }

    /** What refers to an operator from elsewhere: {@code OPERATOR(schema.name)}. */
    public static Optional<String> reference(EntryWriter writer, long oid) {
        if (oid == 0) {
            return Optional.empty();
        }
        Optional<Operator> operator = writer.catalog().find(SystemCatalog.OPERATOR, oid, Operator.class);
        if (operator.isEmpty()) {
            writer.listener().warning("could not find operator with OID " + oid);
        }
        return operator.map(found -> "OPERATOR(" + writer.quote(found.schemaName()) + "." + found.name() + ")");
    }

    /** Whether it is made already: a commutator that was only named so far is a shell. */
    boolean isDefined() {
        return row.oid("oprcode") != 0;
    }

    void describe(Row more) {
        this.details = Optional.of(more);
    }

    @Override
    public void write(EntryWriter writer) {
        if (!isDefined() || details.isEmpty()) {
            return;
        }
        Row more = details.get();
        char kind = row.letter("oprkind");
        if (kind == 'r') {
            writer.listener()
                    .warning("postfix operators are not supported anymore (operator \"" + more.text("oprcode") + "\")");
        }
        String left = kind == 'l' ? "NONE" : more.text("oprleft");
        String right = kind == 'r' ? "NONE" : more.text("oprright");
        String identity = name() + " (" + left + ", " + right + ")";
        if (wants(Component.DEFINITION)) {
            String schema = writer.quote(schemaName()) + ".";
            writer.add(
                    this,
                    new EntryText("OPERATOR", name())
                            .owner(owner)
                            .define("CREATE OPERATOR " + schema + name() + " (\n" + properties(writer, more) + "\n);\n")
                            .drop("DROP OPERATOR " + schema + identity + ";\n"));
        }
        writer.remarks(this, "OPERATOR", identity, owner);
    }

    private String properties(EntryWriter writer, Row more) {
        char kind = row.letter("oprkind");
        StringBuilder sql = new StringBuilder();
        if (!more.text("oprcode").equals("-")) {
            sql.append("    FUNCTION = " + functionName(more.text("oprcode")));
        }
        if (kind != 'l') {
            sql.append(",\n    LEFTARG = " + more.text("oprleft"));
        }
        if (kind != 'r') {
            sql.append(",\n    RIGHTARG = " + more.text("oprright"));
        }
        reference(writer, more.oid("oprcom")).ifPresent(other -> sql.append(",\n    COMMUTATOR = " + other));
        reference(writer, more.oid("oprnegate")).ifPresent(other -> sql.append(",\n    NEGATOR = " + other));
        sql.append(more.flag("oprcanmerge") ? ",\n    MERGES" : "");
        sql.append(more.flag("oprcanhash") ? ",\n    HASHES" : "");
        if (!more.text("oprrest").equals("-")) {
            sql.append(",\n    RESTRICT = " + functionName(more.text("oprrest")));
        }
        if (!more.text("oprjoin").equals("-")) {
            sql.append(",\n    JOIN = " + functionName(more.text("oprjoin")));
        }
        return sql.toString();
    }

    /** A regprocedure without its arguments. */
    private static String functionName(String procedure) {
        boolean quoted = false;
        for (int i = 0; i < procedure.length(); i++) {
            if (procedure.charAt(i) == '"') {
                quoted = !quoted;
            } else if (procedure.charAt(i) == '(' && !quoted) {
                return procedure.substring(0, i);
            }
        }
        return procedure;
    }

    @Override
    public int breakTie(DumpObject other) {
        if (!(other instanceof Operator operator)) {
            return 0;
        }
        // Postfix, prefix, binary.
        int order = Character.compare(operator.row.letter("oprkind"), row.letter("oprkind"));
        if (order == 0) {
            order = DataType.compare(catalog, row.oid("oprleft"), operator.row.oid("oprleft"));
        }
        return order != 0 ? order : DataType.compare(catalog, row.oid("oprright"), operator.row.oid("oprright"));
    }
}

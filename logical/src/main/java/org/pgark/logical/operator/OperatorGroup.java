package org.pgark.logical.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** An operator class or family: operators and functions that belong to one access method. */
final class OperatorGroup extends DumpObject {
    private final boolean family;
    private final String method;
    private final String owner;
    private final Row row;
    private final List<Row> operators = new ArrayList<>();
    private final List<Row> functions = new ArrayList<>();

    /** @param family whether it is a family */
    OperatorGroup(Row row, Catalog catalog, boolean family) {
        super(
                family ? ObjectKind.OPERATOR_FAMILY : ObjectKind.OPERATOR_CLASS,
                (family ? SystemCatalog.OPERATOR_FAMILY : SystemCatalog.OPERATOR_CLASS).id(row.oid("oid")),
                row.text("name"),
                Optional.of(catalog.schema(row.oid("namespace"))));
        this.family = family;
        this.method = row.text("amname");
        this.owner = catalog.role(row.oid("owner"));
        this.row = row;
    }

    void addOperator(Row operator) {
        operators.add(operator);
    }

    void addFunction(Row function) {
        functions.add(function);
    }

    @Override
    public void write(EntryWriter writer) {
        String type = family ? "OPERATOR FAMILY" : "OPERATOR CLASS";
        String using = " USING " + writer.quote(method);
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText(type, name())
                            .owner(owner)
                            .define(family ? createFamily(writer, using) : createClass(writer, using))
                            .drop("DROP " + type + " " + writer.qualified(this) + using + ";\n"));
        }
        writer.remarks(this, type, writer.quote(name()) + using, owner);
    }

    private String createFamily(EntryWriter writer, String using) {
        String name = "OPERATOR FAMILY " + writer.qualified(this) + using;
        List<String> members = members(writer);
        return "CREATE " + name + ";\n"
                + (members.isEmpty() ? "" : "ALTER " + name + " ADD\n    " + String.join(" ,\n    ", members) + ";\n");
    }

    private String createClass(EntryWriter writer, String using) {
        List<String> members = new ArrayList<>();
        if (!row.text("keytype").equals("-")) {
            members.add("STORAGE " + row.text("keytype"));
        }
        members.addAll(members(writer));
        if (members.isEmpty()) {
            // Something must stand there, and this changes nothing.
            members.add("STORAGE " + row.text("intype"));
        }
        String ofFamily = row.text("opfname").isEmpty()
                ? ""
                : " FAMILY " + writer.quote(row.text("opfnamespace")) + "." + writer.quote(row.text("opfname"));
        return "CREATE OPERATOR CLASS " + writer.qualified(this) + "\n    " + (row.flag("opcdefault") ? "DEFAULT " : "")
                + "FOR TYPE " + row.text("intype") + using + ofFamily + " AS\n    " + String.join(" ,\n    ", members)
                + ";\n";
    }

    private List<String> members(EntryWriter writer) {
        List<String> members = new ArrayList<>();
        for (Row operator : operators) {
            String order = operator.text("sortfamily").isEmpty()
                    ? ""
                    : " FOR ORDER BY " + writer.quote(operator.text("sortfamilynsp")) + "."
                            + writer.quote(operator.text("sortfamily"));
            members.add("OPERATOR " + operator.text("amopstrategy") + " " + operator.text("amopopr") + order);
        }
        for (Row function : functions) {
            members.add("FUNCTION " + function.text("amprocnum") + " (" + function.text("amproclefttype") + ", "
                    + function.text("amprocrighttype") + ") " + function.text("amproc"));
        }
        return members;
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof OperatorGroup group
                ? org.pgark.logical.catalog.CodePointOrder.compare(method, group.method)
                : 0;
    }
}

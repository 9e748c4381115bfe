package org.pgark.logical.routine;

import java.util.stream.Collectors;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Postponable;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SettingSql;
import org.pgark.logical.sql.DollarQuote;
import org.pgark.logical.type.DataType;

/** A function, window function or procedure. */
public final class Function extends Routine implements Postponable {
    private boolean postponed;

    Function(Row row, Catalog catalog) {
        super(ObjectKind.FUNCTION, row, catalog);
    }

    @Override
    public boolean canBePostponed() {
        return true;
    }

    @Override
    public void postpone() {
        this.postponed = true;
    }

    @Override
    public void write(EntryWriter writer) {
        String keyword = details().letter("prokind") == 'p' ? "PROCEDURE" : "FUNCTION";
        String identity = writer.quote(name()) + "(" + details().text("funciargs") + ")";
        String qualified = writer.quote(schemaName()) + "." + identity;
        if (wants(Component.DEFINITION)) {
            StringBuilder sql = new StringBuilder("CREATE " + keyword + " " + writer.quote(schemaName()) + "."
                    + writer.quote(name()) + "(" + details().text("funcargs") + ")");
            sql.append(result(writer))
                    .append("\n    LANGUAGE " + writer.quote(details().text("lanname")));
            sql.append(transforms(writer)).append(attributes()).append(settings(writer));
            sql.append("\n    " + body(writer) + ";\n");
            writer.appendExtensionDependencies(sql, this, keyword, qualified);
            EntryText text = new EntryText(keyword, name() + "(" + argumentTypeNames() + ")")
                    .owner(owner())
                    .define(sql.toString())
                    .drop("DROP " + keyword + " " + qualified + ";\n");
            writer.add(this, postponed ? text.postData() : text);
        }
        writer.remarks(this, keyword, identity, owner());
        writePrivileges(writer, keyword, identity);
    }

    private String result(EntryWriter writer) {
        Row row = details();
        if (row.letter("prokind") == 'p') {
            return "";
        }
        return " RETURNS "
                + row.optional("funcresult")
                        .orElseGet(() -> (row.flag("proretset") ? "SETOF " : "")
                                + DataType.name(writer.catalog(), row.oid("prorettype")));
    }

    private String transforms(EntryWriter writer) {
        return details().oids("protrftypes").stream()
                .map(oid -> "FOR TYPE " + DataType.name(writer.catalog(), oid))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), text -> text.isEmpty() ? "" : " TRANSFORM " + text));
    }

    private String attributes() {
        Row row = details();
        StringBuilder sql = new StringBuilder(row.letter("prokind") == 'w' ? " WINDOW" : "");
        sql.append(
                switch (row.letter("provolatile")) {
                    case 'v' -> "";
                    case 'i' -> " IMMUTABLE";
                    case 's' -> " STABLE";
                    default ->
                        throw new DumpException("unrecognized provolatile value for function \"" + name() + "\"");
                });
        sql.append(row.flag("proisstrict") ? " STRICT" : "");
        sql.append(row.flag("prosecdef") ? " SECURITY DEFINER" : "");
        sql.append(row.flag("proleakproof") ? " LEAKPROOF" : "");
        boolean compiled =
                row.text("lanname").equals("internal") || row.text("lanname").equals("c");
        String cost = row.text("procost");
        if (!cost.equals("0") && !cost.equals(compiled ? "1" : "100")) {
            sql.append(" COST " + cost);
        }
        String rows = row.text("prorows");
        if (row.flag("proretset") && !rows.equals("0") && !rows.equals("1000")) {
            sql.append(" ROWS " + rows);
        }
        if (!row.text("prosupport").equals("-")) {
            sql.append(" SUPPORT " + row.text("prosupport"));
        }
        sql.append(
                switch (row.letter("proparallel")) {
                    case 'u' -> "";
                    case 's' -> " PARALLEL SAFE";
                    case 'r' -> " PARALLEL RESTRICTED";
                    default ->
                        throw new DumpException("unrecognized proparallel value for function \"" + name() + "\"");
                });
        return sql.toString();
    }

    private String settings(EntryWriter writer) {
        StringBuilder sql = new StringBuilder();
        for (String setting : details().array("proconfig")) {
            SettingSql.ofFunction(setting, writer.words()).ifPresent(set -> sql.append("\n    " + set));
        }
        return sql.toString();
    }

    private String body(EntryWriter writer) {
        Row row = details();
        if (!row.isAbsent("prosqlbody")) {
            return row.text("prosqlbody");
        }
        String source = row.text("prosrc");
        String library = row.text("probin");
        boolean plain = writer.options().has(DumpSwitch.DISABLE_DOLLAR_QUOTING);
        if (library.isEmpty()) {
            return "AS " + (plain ? writer.literal(source) : DollarQuote.literal(source));
        }
        if (source.isEmpty()) {
            return "AS " + writer.literal(library);
        }
        boolean harmless = source.indexOf('\'') < 0 && source.indexOf('\\') < 0;
        return "AS " + writer.literal(library) + ", "
                + (plain || harmless ? writer.literal(source) : DollarQuote.literal(source));
    }
}

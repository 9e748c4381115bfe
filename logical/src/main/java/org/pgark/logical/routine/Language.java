package org.pgark.logical.routine;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A procedural language. */
final class Language extends DumpObject {
    private final Row row;
    private final String owner;

    Language(Row row, Catalog catalog) {
        super(ObjectKind.LANGUAGE, SystemCatalog.LANGUAGE.id(row.oid("oid")), row.text("lanname"), Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("lanowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("PROCEDURAL LANGUAGE", name())
                            .owner(owner)
                            .define(create(writer, quoted))
                            .drop("DROP PROCEDURAL LANGUAGE " + quoted + ";\n"));
        }
        writer.remarks(this, "LANGUAGE", quoted, owner);
        if (row.flag("lanpltrusted") && wants(Component.PRIVILEGES)) {
            Privileges privileges = new Privileges(row.optional("lanacl"), row.text("acldefault"));
            writer.privileges(this, "LANGUAGE", quoted, "", owner, privileges);
        }
    }

    private String create(EntryWriter writer, String quoted) {
        Optional<Function> handler = function(writer, "lanplcallfoid");
        Optional<Function> inline = function(writer, "laninline");
        Optional<Function> validator = function(writer, "lanvalidator");
        boolean complete = handler.isPresent()
                && (inline.isPresent() || row.oid("laninline") == 0)
                && (validator.isPresent() || row.oid("lanvalidator") == 0);
        if (!complete) {
            // Its functions are not dumped, so the server is to know them.
            return "CREATE OR REPLACE PROCEDURAL LANGUAGE " + quoted + ";\n";
        }
        return "CREATE " + (row.flag("lanpltrusted") ? "TRUSTED " : "") + "PROCEDURAL LANGUAGE " + quoted + " HANDLER "
                + writer.qualified(handler.get())
                + inline.map(function -> " INLINE " + writer.qualified(function))
                        .orElse("")
                + validator
                        .map(function -> " VALIDATOR " + writer.qualified(function))
                        .orElse("")
                + ";\n";
    }

    private Optional<Function> function(EntryWriter writer, String column) {
        return writer.catalog()
                .find(SystemCatalog.FUNCTION, row.oid(column), Function.class)
                .filter(function -> !function.wanted().isEmpty());
    }
}

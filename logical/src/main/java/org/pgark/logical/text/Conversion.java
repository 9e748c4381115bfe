package org.pgark.logical.text;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A conversion between encodings. */
final class Conversion extends DumpObject {
    private final Row row;
    private final String owner;

    Conversion(Row row, Catalog catalog) {
        super(
                ObjectKind.CONVERSION,
                SystemCatalog.CONVERSION.id(row.oid("oid")),
                row.text("conname"),
                Optional.of(catalog.schema(row.oid("connamespace"))));
        this.row = row;
        this.owner = catalog.role(row.oid("conowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("CONVERSION", name())
                            .owner(owner)
                            .define("CREATE " + (row.flag("condefault") ? "DEFAULT " : "") + "CONVERSION "
                                    + writer.qualified(this) + " FOR " + writer.literal(row.text("conforencoding"))
                                    + " TO "
                                    + writer.literal(row.text("contoencoding")) + " FROM " + row.text("conproc")
                                    + ";\n")
                            .drop("DROP CONVERSION " + writer.qualified(this) + ";\n"));
        }
        writer.remarks(this, "CONVERSION", writer.quote(name()), owner);
    }
}

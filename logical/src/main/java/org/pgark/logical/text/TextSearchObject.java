package org.pgark.logical.text;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Row;

/** A parser, template, dictionary or configuration of text search. */
final class TextSearchObject extends DumpObject {
    private final String owner;
    private final TextSearchSql sql;

    TextSearchObject(TextSearchForm form, Row row, Catalog catalog, TextSearchSql sql) {
        super(
                form.kind(),
                form.catalog().id(row.oid("oid")),
                row.text("name"),
                Optional.of(catalog.schema(row.oid("namespace"))));
        this.owner = catalog.role(row.oid("owner"));
        this.sql = sql;
    }

    @Override
    public void write(EntryWriter writer) {
        String words = kind().words();
        String qualified = writer.qualified(this);
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText(words, name())
                            .owner(owner)
                            .define("CREATE " + words + " " + qualified + " (\n" + sql.body(writer, qualified))
                            .drop("DROP " + words + " " + qualified + ";\n"));
        }
        writer.remarks(this, words, writer.quote(name()), owner);
    }
}

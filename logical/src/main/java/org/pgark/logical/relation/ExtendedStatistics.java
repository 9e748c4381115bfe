package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** An object of extended statistics. */
final class ExtendedStatistics extends DumpObject {
    private final Row row;
    private final String owner;
    private Optional<String> definition = Optional.empty();

    ExtendedStatistics(Row row, Catalog catalog) {
        super(
                ObjectKind.EXTENDED_STATISTICS,
                SystemCatalog.STATISTICS.id(row.oid("oid")),
                row.text("stxname"),
                Optional.of(catalog.schema(row.oid("stxnamespace"))));
        this.row = row;
        this.owner = catalog.role(row.oid("stxowner"));
    }

    void define(String sql) {
        this.definition = Optional.of(sql);
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION) && definition.isPresent()) {
            String qualified = writer.qualified(this);
            int target = row.isAbsent("stxstattarget") ? -1 : row.integer("stxstattarget");
            writer.add(
                    this,
                    new EntryText("STATISTICS", name())
                            .owner(owner)
                            .postData()
                            .define(definition.get() + ";\n"
                                    + (target < 0
                                            ? ""
                                            : "ALTER STATISTICS " + qualified + " SET STATISTICS " + target + ";\n"))
                            .drop("DROP STATISTICS " + qualified + ";\n"));
        }
        writer.remarks(this, "STATISTICS", writer.quote(name()), owner);
    }
}

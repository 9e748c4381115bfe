package org.pgark.logical.relation;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** The rows of a table. */
final class TableRows extends RelationData {
    private String condition = "";

    TableRows(Relation table) {
        super(ObjectKind.TABLE_DATA, table);
    }

    /** Dumps only the rows that a WHERE clause lets through: an extension names it for its configuration tables. */
    void restrict(String whereClause) {
        this.condition = whereClause;
    }

    @Override
    public void write(EntryWriter writer) {
        if (!wants(Component.DATA)) {
            return;
        }
        Relation table = relation();
        DumpOptions options = writer.options();
        EntryText text = new EntryText("TABLE DATA", name())
                .owner(table.owner())
                .inData()
                .dependsOn(table.dumpId());
        boolean throughRoot =
                table.isPartition() && (options.has(DumpSwitch.LOAD_VIA_PARTITION_ROOT) || table.loadsThroughRoot());
        Relation target = throughRoot ? table.root() : table;
        if (throughRoot) {
            text.define("-- load via partition root " + oneLine(writer.qualified(target)));
        }
        RowSource source = new RowSource(table, target, condition, options, writer);
        if (options.rowsPerInsert() == 0) {
            text.copy("COPY " + writer.qualified(target) + " " + source.columnList() + " FROM stdin;\n");
            text.data(new CopiedRows(source));
        } else {
            text.data(new InsertedRows(source, options));
        }
        writer.add(this, text);
    }

    private static String oneLine(String name) {
        return name.replace('\n', ' ').replace('\r', ' ');
    }
}

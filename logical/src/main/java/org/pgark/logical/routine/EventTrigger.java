package org.pgark.logical.routine;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A trigger on events of the whole database. */
final class EventTrigger extends DumpObject {
    private final Row row;
    private final String owner;

    EventTrigger(Row row, Catalog catalog) {
        super(
                ObjectKind.EVENT_TRIGGER,
                SystemCatalog.EVENT_TRIGGER.id(row.oid("oid")),
                row.text("evtname"),
                Optional.empty());
        this.row = row;
        this.owner = catalog.role(row.oid("evtowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            String tags = row.text("evttags").isEmpty() ? "" : "\n         WHEN TAG IN (" + row.text("evttags") + ")";
            String state = switch (row.letter("evtenabled")) {
                case 'O' -> "";
                case 'D' -> "DISABLE";
                case 'A' -> "ENABLE ALWAYS";
                case 'R' -> "ENABLE REPLICA";
                default -> "ENABLE";
            };
            String alter = state.isEmpty() ? "" : "\nALTER EVENT TRIGGER " + quoted + " " + state + ";\n";
            writer.add(
                    this,
                    new EntryText("EVENT TRIGGER", name())
                            .owner(owner)
                            .postData()
                            .define("CREATE EVENT TRIGGER " + quoted + " ON " + writer.quote(row.text("evtevent"))
                                    + tags + "\n   EXECUTE FUNCTION " + row.text("evtfname") + "();\n" + alter)
                            .drop("DROP EVENT TRIGGER " + quoted + ";\n"));
        }
        writer.remarks(this, "EVENT TRIGGER", quoted, owner);
    }
}

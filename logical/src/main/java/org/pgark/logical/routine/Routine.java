package org.pgark.logical.routine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.type.DataType;

/** A row of pg_proc: a function, procedure or aggregate. */
public abstract class Routine extends DumpObject {
    private final Catalog catalog;
    private final String owner;
    private final List<Long> argumentTypes;
    private final Privileges privileges;
    private Optional<Row> details = Optional.empty();

    Routine(ObjectKind kind, Row row, Catalog catalog) {
        super(
                kind,
                SystemCatalog.FUNCTION.id(row.oid("oid")),
                row.text("proname"),
                Optional.of(catalog.schema(row.oid("pronamespace"))));
        this.catalog = catalog;
        this.owner = catalog.role(row.oid("proowner"));
        this.argumentTypes = row.oids("proargtypes");
        this.privileges = new Privileges(row.optional("proacl"), row.text("acldefault"));
    }

    String owner() {
        return owner;
    }

    List<Long> argumentTypes() {
        return argumentTypes;
    }

    /** What the definition needs, once it is known that the routine is dumped. */
    void describe(Row row) {
        ChangedMeanwhileException.required(row.optional("funcargs"), "routine \"" + name() + "\"");
        this.details = Optional.of(row);
    }

    Row details() {
        return details.orElseThrow(() -> new DumpException("definition of routine \"" + name() + "\" was not read"));
    }

    /** Types of the arguments, with commas between. */
    String argumentTypeNames() {
        return argumentTypes.stream().map(oid -> DataType.name(catalog, oid)).collect(Collectors.joining(", "));
    }

    /** Name and types of the arguments, as GRANT and casts take them, without schema. */
    public String signature(EntryWriter writer) {
        return writer.quote(name()) + "(" + argumentTypeNames() + ")";
    }

    /** The same with its schema. */
    public String qualifiedSignature(EntryWriter writer) {
        return writer.quote(schemaName()) + "." + signature(writer);
    }

    void writePrivileges(EntryWriter writer, String type, String signature) {
        if (wants(Component.PRIVILEGES)) {
            writer.privileges(this, type, signature, schemaName(), owner, privileges);
        }
    }

    @Override
    public int breakTie(DumpObject other) {
        if (!(other instanceof Routine routine)) {
            return 0;
        }
        int order = Integer.compare(argumentTypes.size(), routine.argumentTypes.size());
        for (int i = 0; order == 0 && i < argumentTypes.size(); i++) {
            order = DataType.compare(catalog, argumentTypes.get(i), routine.argumentTypes.get(i));
        }
        return order;
    }
}

package org.pgark.logical.largeobject;

import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.SystemCatalog;

/** A large object in an entry of its own, before all data, as archives had it up to 16. */
final class SingleLargeObject extends DumpObject {
    private final String owner;
    private final Privileges privileges;

    SingleLargeObject(long oid, String owner, Privileges privileges) {
        super(
                ObjectKind.SINGLE_LARGE_OBJECT,
                SystemCatalog.LARGE_OBJECT.id(oid),
                String.valueOf(oid),
                Optional.empty());
        this.owner = owner;
        this.privileges = privileges;
    }

    @Override
    public boolean isSchema() {
        return false;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("BLOB", name())
                            .owner(owner)
                            .define("SELECT pg_catalog.lo_create('" + name() + "');\n")
                            .drop("SELECT pg_catalog.lo_unlink('" + name() + "');\n"));
        }
        writer.remarks(this, "LARGE OBJECT", name(), owner);
        if (wants(Component.PRIVILEGES)) {
            writer.privileges(this, "LARGE OBJECT", name(), "", owner, privileges);
        }
    }
}

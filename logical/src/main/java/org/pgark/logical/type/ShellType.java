package org.pgark.logical.type;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** The announcement of a type, which its functions need; it is only written where a dependency loop asks for it. */
final class ShellType extends DumpObject {
    private final DataType type;

    ShellType(DataType type) {
        super(ObjectKind.SHELL_TYPE, CatalogId.NONE, type.name(), type.schema());
        this.type = type;
        want(Components.NONE);
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("SHELL TYPE", name())
                            .owner(type.owner())
                            .define("CREATE TYPE " + writer.qualified(type) + ";\n"));
        }
    }
}

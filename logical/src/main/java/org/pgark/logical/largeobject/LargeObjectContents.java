package org.pgark.logical.largeobject;

import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** What a group of large objects holds. */
final class LargeObjectContents extends DumpObject {
    private final LargeObjectGroup group;

    LargeObjectContents(LargeObjectGroup group) {
        super(ObjectKind.LARGE_OBJECT_DATA, CatalogId.NONE, group.name(), Optional.empty());
        this.group = group;
    }

    @Override
    public boolean isSchema() {
        return false;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DATA)) {
            writer.add(
                    this,
                    new EntryText("BLOBS", name())
                            .owner(group.owner())
                            .inData()
                            .dependsOn(group.dumpId())
                            .data(new LargeObjectReader(group.oids(), group.name(), writer.listener())));
        }
    }
}

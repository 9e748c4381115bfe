package org.pgark.logical.largeobject;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** What large objects hold. */
final class LargeObjectContents extends DumpObject {
    private final List<Long> oids;
    private final String owner;
    private final Optional<LargeObjectGroup> group;

    private LargeObjectContents(String name, List<Long> oids, String owner, Optional<LargeObjectGroup> group) {
        super(ObjectKind.LARGE_OBJECT_DATA, CatalogId.NONE, name, Optional.empty());
        this.oids = List.copyOf(oids);
        this.owner = owner;
        this.group = group;
    }

    /** What a group holds. */
    static LargeObjectContents of(LargeObjectGroup group) {
        return new LargeObjectContents(group.name(), group.oids(), group.owner(), Optional.of(group));
    }

    /** What all hold, in one entry, as archives had it up to 16. */
    static LargeObjectContents ofAll(List<Long> oids) {
        return new LargeObjectContents("BLOBS", oids, "", Optional.empty());
    }

    @Override
    public boolean isSchema() {
        return false;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DATA) && !writer.options().describesLargeObjects()) {
            EntryText text = new EntryText("BLOBS", name())
                    .owner(owner)
                    .inData()
                    .data(new LargeObjectReader(oids, name(), writer.listener()));
            if (group.isPresent()) {
                // As pg_dump does, which names the boundary here too.
                dependencies().forEach(text::dependsOn);
            }
            writer.add(this, text);
        }
    }
}

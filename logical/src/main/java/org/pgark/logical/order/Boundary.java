package org.pgark.logical.order;

import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Placement;

/** Stands between two sections of a dump; what must come before or after depends on it. */
final class Boundary extends DumpObject {
    Boundary(ObjectKind kind) {
        super(kind, CatalogId.NONE, kind.words(), Optional.empty());
    }

    @Override
    public Placement placement() {
        return Placement.ANYWHERE;
    }

    @Override
    public void write(EntryWriter writer) {
        // a boundary has nothing to write
    }
}

package org.pgark.logical.catalog;

import java.util.Optional;

/**
 * An object that is usually written as part of another one's definition: a CHECK constraint within CREATE TABLE or CREATE DOMAIN, a
 * column's default, the rule that makes a view. Where a dependency loop forbids it, it becomes a statement of its own.
 */
public abstract class PartObject extends DumpObject {
    private boolean separate;

    protected PartObject(ObjectKind kind, CatalogId id, String name, Optional<Schema> schema, boolean separate) {
        super(kind, id, name, schema);
        this.separate = separate;
    }

    /** The table, domain or view that it is part of. */
    public abstract DumpObject host();

    /** Whether it is written as a statement of its own. */
    public boolean isSeparate() {
        return separate;
    }

    public void separate() {
        this.separate = true;
    }

    @Override
    public Placement placement() {
        return separate ? super.placement() : Placement.ANYWHERE;
    }
}

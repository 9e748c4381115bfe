package org.pgark.logical.catalog;

import java.util.Optional;

/** An object that holds others and decides what is dumped of them: a schema or an extension. */
public abstract class Container extends DumpObject {
    private Components wantedOfContents = Components.NONE;

    protected Container(ObjectKind kind, CatalogId id, String name, Optional<Schema> schema) {
        super(kind, id, name, schema);
    }

    /** What is dumped of the objects inside. */
    public Components wantedOfContents() {
        return wantedOfContents;
    }

    public void wantOfContents(Components components) {
        this.wantedOfContents = components;
    }
}

package org.pgark.logical.catalog;

/** Reads all objects of one kind; see the package's description for how to write one. */
public interface CatalogKind {
    /** What a verbose dump says before reading, as pg_dump does: "reading user-defined collations"; "" where pg_dump is silent. */
    String progress();

    void read(CatalogReading reading);
}

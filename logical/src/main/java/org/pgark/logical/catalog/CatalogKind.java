package org.pgark.logical.catalog;

/** Reads all objects of one kind; see the package's description for how to write one. */
public interface CatalogKind {
    /** What a verbose dump says before reading, "user-defined collations" say: "reading user-defined collations". */
    String progress();

    void read(CatalogReading reading);
}

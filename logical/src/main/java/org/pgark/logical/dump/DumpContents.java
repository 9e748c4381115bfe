package org.pgark.logical.dump;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.catalog.Catalog;

/** What a dump holds, in the order of writing. */
public final class DumpContents {
    private final List<DumpItem> items;
    private final Catalog catalog;
    private final Optional<String> snapshot;
    private final int statements;

    DumpContents(List<DumpItem> items, Catalog catalog, Optional<String> snapshot, int statements) {
        this.items = List.copyOf(items);
        this.catalog = catalog;
        this.snapshot = snapshot;
        this.statements = statements;
    }

    /** Entries with where their data comes from. */
    public List<DumpItem> items() {
        return items;
    }

    /** The snapshot that other connections take over to read data at the same time. */
    public Optional<String> snapshot() {
        return snapshot;
    }

    /** How many statements the catalogues took. */
    public int statements() {
        return statements;
    }

    /** The same items with their dependencies among each other, which an archive has and a script does not need. */
    public List<DumpItem> withDependencies(List<DumpItem> kept) {
        ArchiveDependencies dependencies = new ArchiveDependencies(catalog, kept);
        return kept.stream().map(dependencies::resolve).toList();
    }
}

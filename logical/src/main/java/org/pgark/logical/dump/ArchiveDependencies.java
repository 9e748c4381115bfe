package org.pgark.logical.dump;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.TocEntry;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;

/**
 * Works out which entries of an archive need which. Dependencies lead through objects that have no entry of their own (a view needs
 * its rule, the rule needs a table), so that what those need counts in their place.
 */
final class ArchiveDependencies {
    private final Catalog catalog;
    private final Map<Integer, DumpItem> kept = new HashMap<>();

    ArchiveDependencies(Catalog catalog, List<DumpItem> items) {
        this.catalog = catalog;
        items.forEach(item -> kept.put(item.entry().dumpId(), item));
    }

    DumpItem resolve(DumpItem item) {
        TocEntry entry = item.entry();
        if (!entry.dependencies().isEmpty()) {
            return item;
        }
        Optional<DumpObject> object = catalog.byDumpId(entry.dumpId());
        if (object.isEmpty() || object.get().dependencyCount() == 0) {
            return item;
        }
        List<Integer> needed = new ArrayList<>();
        collect(object.get(), needed);
        return new DumpItem(entry.withDependencies(needed), item.data(), item.definition());
    }

    /** The sort has left no loops. */
    private void collect(DumpObject object, List<Integer> needed) {
        // through a boundary everything would need everything
        if (object.kind() == ObjectKind.PRE_DATA_BOUNDARY || object.kind() == ObjectKind.POST_DATA_BOUNDARY) {
            return;
        }
        for (int index = 0; index < object.dependencyCount(); index++) {
            int dependency = object.dependency(index);
            if (kept.containsKey(dependency)) {
                needed.add(dependency);
            } else {
                catalog.byDumpId(dependency).ifPresent(other -> collect(other, needed));
            }
        }
    }
}

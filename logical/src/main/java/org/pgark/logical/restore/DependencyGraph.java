package org.pgark.logical.restore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TocEntry;

/**
 * Which entries of a parallel restore wait for which others, and which must not run beside each other because of locks
 * (fix_dependencies of pg_backup_archiver.c). What is made behind the data waits for a table's data in place of the table.
 */
final class DependencyGraph {
    private final Map<Integer, Set<Integer>> waitsFor = new HashMap<>();
    private final Map<Integer, List<RestoreItem>> waiters = new HashMap<>();
    private final Map<Integer, List<Integer>> dependencies = new HashMap<>();
    private final Map<Integer, Set<Integer>> locks = new HashMap<>();

    DependencyGraph(RestoreContext context) {
        for (RestoreItem item : context.items()) {
            add(item, context);
        }
    }

    private void add(RestoreItem item, RestoreContext context) {
        TocEntry entry = item.entry();
        List<Integer> needed = new ArrayList<>();
        for (int id : entry.dependencies()) {
            RestoreItem data =
                    entry.section() == Section.POST_DATA ? context.dataByTable().get(id) : null;
            if (data != null) {
                item.setSize(Math.max(item.size(), data.size()));
            }
            needed.add(data == null ? id : data.entry().dumpId());
        }
        if (entry.is("BLOB COMMENTS") && needed.isEmpty()) {
            // Before 8.4 pg_dump did not say so.
            context.items().stream()
                    .filter(other -> other.entry().is("BLOBS"))
                    .findFirst()
                    .ifPresent(blobs -> needed.add(blobs.entry().dumpId()));
        }
        dependencies.put(entry.dumpId(), needed);
        Set<Integer> present = new HashSet<>(needed);
        present.retainAll(context.byId().keySet());
        waitsFor.put(entry.dumpId(), present);
        present.forEach(
                id -> waiters.computeIfAbsent(id, _ -> new ArrayList<>()).add(item));
        locks.put(entry.dumpId(), lockedTables(entry, needed, context));
    }

    /** All that is made behind the data locks the tables that it is for, but for indexes. */
    private static Set<Integer> lockedTables(TocEntry entry, List<Integer> needed, RestoreContext context) {
        Set<Integer> tables = new HashSet<>();
        if (entry.section() == Section.POST_DATA && !entry.is("INDEX")) {
            for (int id : needed) {
                RestoreItem other = context.byId().get(id);
                if (other != null && (other.entry().is("TABLE") || other.entry().is("TABLE DATA"))) {
                    tables.add(id);
                }
            }
        }
        return tables;
    }

    boolean isReady(RestoreItem item) {
        return waitsFor.getOrDefault(item.entry().dumpId(), Set.of()).isEmpty();
    }

    /** Takes note that an item is done, and gives those that waited for it and for nothing else. */
    List<RestoreItem> done(RestoreItem item) {
        List<RestoreItem> ready = new ArrayList<>();
        for (RestoreItem waiter : waiters.getOrDefault(item.entry().dumpId(), List.of())) {
            Set<Integer> rest = waitsFor.getOrDefault(waiter.entry().dumpId(), Set.of());
            if (rest.remove(item.entry().dumpId()) && rest.isEmpty()) {
                ready.add(waiter);
            }
        }
        return ready;
    }

    /** Whether one of the two locks a table that the other one needs. */
    boolean conflict(RestoreItem one, RestoreItem other) {
        return locksNeedOf(one, other) || locksNeedOf(other, one);
    }

    private boolean locksNeedOf(RestoreItem locking, RestoreItem needing) {
        Set<Integer> locked = locks.getOrDefault(locking.entry().dumpId(), Set.of());
        return !locked.isEmpty()
                && dependencies.getOrDefault(needing.entry().dumpId(), List.of()).stream()
                        .anyMatch(locked::contains);
    }
}

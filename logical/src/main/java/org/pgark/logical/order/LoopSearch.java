package org.pgark.logical.order;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;

/** Finds loops among objects that could not be sorted, and has each repaired; loops that overlap wait for the next round. */
final class LoopSearch {
    private final Catalog catalog;
    private final LoopRepair repair;

    LoopSearch(Catalog catalog, LoopRepair repair) {
        this.catalog = catalog;
        this.repair = repair;
    }

    void repair(List<DumpObject> stuck) {
        BitSet done = new BitSet();
        int[] fruitlessFor = new int[catalog.lastDumpId() + 1];
        boolean[] onPath = new boolean[catalog.lastDumpId() + 1];
        boolean repaired = false;
        for (DumpObject start : stuck) {
            List<DumpObject> loop = new Path(start.dumpId(), done, fruitlessFor, onPath).find(start);
            if (loop.isEmpty()) {
                done.set(start.dumpId());
            } else {
                repair.repair(loop);
                repaired = true;
                loop.forEach(member -> done.set(member.dumpId()));
            }
        }
        if (!repaired) {
            throw new DumpException("could not identify dependency loop");
        }
    }

    /**
     * A search, depth first, for a way from an object back to itself. It keeps its own stack: chains of dependencies can be longer
     * than a thread's.
     */
    private final class Path {
        private final int start;
        private final BitSet done;
        private final int[] fruitlessFor;
        private final boolean[] onPath;
        private final List<DumpObject> members = new ArrayList<>();
        private final List<Integer> next = new ArrayList<>();

        Path(int start, BitSet done, int[] fruitlessFor, boolean[] onPath) {
            this.start = start;
            this.done = done;
            this.fruitlessFor = fruitlessFor;
            this.onPath = onPath;
        }

        List<DumpObject> find(DumpObject from) {
            if (done.get(from.dumpId())) {
                return List.of();
            }
            enter(from);
            while (!members.isEmpty()) {
                int top = members.size() - 1;
                DumpObject object = members.get(top);
                if (next.get(top) == 0 && object.dependsOn(start)) {
                    members.forEach(member -> onPath[member.dumpId()] = false);
                    return members;
                }
                if (next.get(top) < object.dependencyCount()) {
                    int dependency = object.dependency(next.get(top));
                    next.set(top, next.get(top) + 1);
                    Optional<DumpObject> needed = catalog.byDumpId(dependency);
                    if (needed.isPresent()
                            && !done.get(dependency)
                            && !onPath[dependency]
                            && fruitlessFor[dependency] != start) {
                        enter(needed.get());
                    }
                } else {
                    fruitlessFor[object.dumpId()] = start;
                    onPath[object.dumpId()] = false;
                    members.removeLast();
                    next.removeLast();
                }
            }
            return List.of();
        }

        private void enter(DumpObject object) {
            members.add(object);
            next.add(0);
            onPath[object.dumpId()] = true;
        }
    }
}

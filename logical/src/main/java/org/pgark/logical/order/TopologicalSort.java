package org.pgark.logical.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pgark.logical.catalog.DumpObject;

/**
 * Topological sort that disturbs a given order as little as possible: it fills the result from its end, each time with the last
 * object of the given order that nothing left over depends on (Knuth's algorithm with a heap for the candidates).
 */
final class TopologicalSort {
    private final List<DumpObject> given;
    private final int[] places;
    private final int[] dependents;
    private final DumpObject[] sorted;
    private int left;

    TopologicalSort(List<DumpObject> given, int lastDumpId) {
        this.given = given;
        this.places = new int[lastDumpId + 1];
        this.dependents = new int[lastDumpId + 1];
        this.sorted = new DumpObject[given.size()];
        for (int place = 0; place < given.size(); place++) {
            places[given.get(place).dumpId()] = place;
        }
    }

    /** Sorts; false where objects are left that wait for each other. */
    boolean run() {
        Arrays.fill(dependents, 0);
        for (DumpObject object : given) {
            for (int index = 0; index < object.dependencyCount(); index++) {
                dependents[object.dependency(index)]++;
            }
        }
        LastFirstQueue ready = new LastFirstQueue();
        for (int place = 0; place < given.size(); place++) {
            if (dependents[given.get(place).dumpId()] == 0) {
                ready.add(place);
            }
        }
        left = given.size();
        while (!ready.isEmpty()) {
            DumpObject object = given.get(ready.remove());
            sorted[--left] = object;
            for (int index = 0; index < object.dependencyCount(); index++) {
                int dependency = object.dependency(index);
                if (--dependents[dependency] == 0) {
                    ready.add(places[dependency]);
                }
            }
        }
        return left == 0;
    }

    /** Objects that could not be placed, by dump id: they stand in loops, or something in a loop needs them. */
    List<DumpObject> stuck() {
        List<DumpObject> objects = new ArrayList<>();
        for (int dumpId = 1; dumpId < dependents.length; dumpId++) {
            if (dependents[dumpId] != 0) {
                objects.add(given.get(places[dumpId]));
            }
        }
        return objects;
    }

    List<DumpObject> sorted() {
        return Arrays.asList(sorted);
    }
}

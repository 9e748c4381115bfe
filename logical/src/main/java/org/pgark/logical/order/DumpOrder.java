package org.pgark.logical.order;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;

/** Puts the objects of a dump into an order in which each comes after what it needs. */
public final class DumpOrder {
    private final Catalog catalog;
    private final DumpListener listener;
    private final int emulated;

    /** @param emulated the major version in whose order objects come */
    public DumpOrder(Catalog catalog, DumpListener listener, int emulated) {
        this.catalog = catalog;
        this.listener = listener;
        this.emulated = emulated;
    }

    /** Adds the boundaries to the catalogue, and returns all its objects in order. */
    public List<DumpObject> sort() {
        Boundary preData = catalog.add(new Boundary(ObjectKind.PRE_DATA_BOUNDARY));
        Boundary postData = catalog.add(new Boundary(ObjectKind.POST_DATA_BOUNDARY));
        for (DumpObject object : catalog.objects()) {
            switch (object.placement()) {
                case PRE_DATA -> preData.dependOn(object);
                case DATA -> {
                    object.dependOn(preData);
                    postData.dependOn(object);
                }
                case POST_DATA -> object.dependOn(postData);
                case ANYWHERE -> {}
            }
        }
        postData.dependOn(preData);
        List<DumpObject> objects = new ArrayList<>(catalog.objects());
        objects.sort(new NameOrder(emulated));
        TopologicalSort sort = new TopologicalSort(objects, catalog.lastDumpId());
        LoopSearch search = new LoopSearch(catalog, new LoopRepair(postData, listener));
        while (!sort.run()) {
            search.repair(sort.stuck());
        }
        return sort.sorted();
    }
}

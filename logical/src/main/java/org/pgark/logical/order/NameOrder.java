package org.pgark.logical.order;

import java.util.Comparator;
import java.util.Optional;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.SortPriority;

/** The order that dependencies then disturb as little as possible: kind, schema, name, and what else tells objects apart. */
final class NameOrder implements Comparator<DumpObject> {
    private final boolean accessMethodsAmongOperators;

    /** @param emulated the major version in whose order objects come */
    NameOrder(int emulated) {
        this.accessMethodsAmongOperators = emulated < 14;
    }

    private SortPriority priority(DumpObject object) {
        SortPriority priority = object.kind().priority();
        return accessMethodsAmongOperators && priority == SortPriority.ACCESS_METHOD ? SortPriority.OPERATOR : priority;
    }

    @Override
    public int compare(DumpObject left, DumpObject right) {
        int order = priority(left).compareTo(priority(right));
        if (order == 0) {
            order = compareSchemas(left.schema(), right.schema());
        }
        if (order == 0) {
            order = left.compareNames(right);
        }
        if (order == 0) {
            order = left.kind().compareTo(right.kind());
        }
        if (order == 0) {
            order = left.breakTie(right);
        }
        if (order == 0) {
            order = Long.compare(left.oid(), right.oid());
        }
        return order;
    }

    /** What has no schema comes last. */
    private static int compareSchemas(Optional<Schema> left, Optional<Schema> right) {
        if (left.isPresent() && right.isPresent()) {
            return left.get().compareNames(right.get());
        }
        return Boolean.compare(left.isEmpty(), right.isEmpty());
    }
}

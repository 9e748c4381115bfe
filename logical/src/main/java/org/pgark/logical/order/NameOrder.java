package org.pgark.logical.order;

import java.util.Comparator;
import java.util.Optional;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.Schema;

/** The order that dependencies then disturb as little as possible: kind, schema, name, and what else tells objects apart. */
final class NameOrder implements Comparator<DumpObject> {
    @Override
    public int compare(DumpObject left, DumpObject right) {
        int order = left.kind().priority().compareTo(right.kind().priority());
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

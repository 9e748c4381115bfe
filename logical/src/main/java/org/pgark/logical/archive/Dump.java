package org.pgark.logical.archive;

import java.util.List;
import java.util.Objects;
import org.pgark.postgres.wire.WireConnection;

/**
 * A dump that is ready to be written.
 *
 * @param head what it says of itself
 * @param items what it holds, in final order
 * @param connection where the data comes from
 */
public record Dump(DumpHead head, List<DumpItem> items, WireConnection connection) {
    /** Checks that all is there. */
    public Dump {
        Objects.requireNonNull(head, "head is null");
        items = List.copyOf(items);
        Objects.requireNonNull(connection, "connection is null");
    }
}

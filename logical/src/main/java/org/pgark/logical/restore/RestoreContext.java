package org.pgark.logical.restore;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;

/**
 * What all parts of a restore share.
 *
 * @param options what is restored and how
 * @param head what the dump says of itself
 * @param session how its texts are to be understood
 * @param items its entries, marked with what is wanted of them
 * @param byId the same by their numbers
 * @param dataByTable the data of tables by the tables' numbers
 * @param messages hears of each step
 */
record RestoreContext(
        RestoreOptions options,
        ScriptHead head,
        DumpSession session,
        List<RestoreItem> items,
        Map<Integer, RestoreItem> byId,
        Map<Integer, RestoreItem> dataByTable,
        ArchiveMessages messages) {
    static RestoreContext of(RestoreOptions options, ScriptHead head, List<RestoreItem> items, ArchiveMessages messages)
            throws ArchiveException {
        Map<Integer, RestoreItem> byId = new HashMap<>();
        Map<Integer, RestoreItem> dataByTable = new HashMap<>();
        for (RestoreItem item : items) {
            byId.put(item.entry().dumpId(), item);
            if (item.entry().is("TABLE DATA") && !item.entry().dependencies().isEmpty()) {
                dataByTable.put(item.entry().dependencies().getFirst(), item);
            }
        }
        return new RestoreContext(
                options,
                head,
                DumpSession.of(items),
                List.copyOf(items),
                Collections.unmodifiableMap(byId),
                Collections.unmodifiableMap(dataByTable),
                messages);
    }

    /** The data of a table. */
    Optional<RestoreItem> dataOf(RestoreItem table) {
        return Optional.ofNullable(dataByTable.get(table.entry().dumpId()));
    }

    /**
     * If there is nothing of a schema to restore, the restore is one of data only, with all that follows from that.
     */
    RestoreContext withImpliedContent() {
        if (options.wants(Need.SCHEMA)
                && items.stream().noneMatch(item -> item.needs().contains(Need.SCHEMA))) {
            messages.info("implied no-schema restore");
            RestoreOptions implied =
                    options.toBuilder().content(Need.SCHEMA, false).build();
            return new RestoreContext(implied, head, session, items, byId, dataByTable, messages);
        }
        return this;
    }
}

package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Locks the tables that are dumped against being dropped, altered or emptied. Comments, labels and privileges need no lock: nothing
 * is computed for them.
 */
public final class TableLocks {
    /** Characters of one LOCK statement; many tables go into one round trip. */
    private static final int STATEMENT_LENGTH = 100_000;

    private final Optional<String> waitTimeout;
    private final SqlWords words;
    private final Set<String> locked = new LinkedHashSet<>();

    /**
     * No locks yet.
     *
     * @param waitTimeout how long to wait for the locks, as the server's settings write a time
     */
    public TableLocks(Optional<String> waitTimeout, SqlWords words) {
        this.waitTimeout = waitTimeout;
        this.words = words;
    }

    /** Locks tables by their qualified and quoted names. */
    public void lock(CatalogSession session, List<String> tables) {
        locked.addAll(tables);
        take(session, tables);
    }

    /** The tables that are there of those that were locked before; it is asked outside of the dump's transaction. */
    public List<String> remaining(CatalogSession session) {
        if (locked.isEmpty()) {
            return List.of();
        }
        List<String> names = locked.stream().map(words::literal).toList();
        locked.clear();
        return session
                .rows("SELECT name FROM unnest(ARRAY[" + String.join(",", names)
                        + "]::pg_catalog.text[]) AS names(name) WHERE pg_catalog.to_regclass(name) IS NOT NULL")
                .stream()
                .map(row -> row.text("name"))
                .toList();
    }

    private void take(CatalogSession session, List<String> tables) {
        if (tables.isEmpty()) {
            return;
        }
        waitTimeout.ifPresent(timeout -> session.execute("SET statement_timeout = " + words.literal(timeout)));
        List<String> batch = new ArrayList<>();
        int length = 0;
        for (String table : tables) {
            batch.add(table);
            length += table.length();
            if (length >= STATEMENT_LENGTH) {
                run(session, batch);
                length = 0;
            }
        }
        run(session, batch);
        if (waitTimeout.isPresent()) {
            session.execute("SET statement_timeout = 0");
        }
    }

    private static void run(CatalogSession session, List<String> batch) {
        if (!batch.isEmpty()) {
            session.execute("LOCK TABLE " + String.join(", ", batch) + " IN ACCESS SHARE MODE");
            batch.clear();
        }
    }
}

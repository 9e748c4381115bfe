package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;

/**
 * Locks the tables that are dumped against being dropped or altered. Comments, labels and privileges need no lock: nothing is
 * computed for them.
 */
final class TableLocks {
    /** Characters of one LOCK statement; many tables go into one round trip. */
    private static final int STATEMENT_LENGTH = 100_000;

    private final CatalogReading reading;

    TableLocks(CatalogReading reading) {
        this.reading = reading;
    }

    void lock(List<Relation> relations) {
        reading.options()
                .lockWaitTimeout()
                .ifPresent(timeout -> reading.session()
                        .execute("SET statement_timeout = " + reading.words().literal(timeout)));
        StringBuilder statement = new StringBuilder();
        for (Relation relation : relations) {
            boolean lockable =
                    relation.form() == RelationForm.TABLE || relation.form() == RelationForm.PARTITIONED_TABLE;
            if (lockable
                    && relation.wanted()
                            .hasAny(Component.DEFINITION, Component.DATA, Component.POLICY, Component.STATISTICS)) {
                statement
                        .append(statement.isEmpty() ? "LOCK TABLE " : ", ")
                        .append(reading.words().qualified(relation));
                if (statement.length() >= STATEMENT_LENGTH) {
                    run(statement);
                }
            }
        }
        if (!statement.isEmpty()) {
            run(statement);
        }
        if (reading.options().lockWaitTimeout().isPresent()) {
            reading.session().execute("SET statement_timeout = 0");
        }
    }

    private void run(StringBuilder statement) {
        reading.session().execute(statement + " IN ACCESS SHARE MODE");
        statement.setLength(0);
    }
}

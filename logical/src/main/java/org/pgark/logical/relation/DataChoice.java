package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.PatternUse;

/** Decides whether a relation's contents are dumped, and makes the object that stands for them. */
final class DataChoice {
    private final CatalogReading reading;

    DataChoice(CatalogReading reading) {
        this.reading = reading;
    }

    void carry(Relation relation) {
        if (relation.data().isPresent() || !isDumped(relation)) {
            return;
        }
        RelationData data = switch (relation.form()) {
            case MATERIALIZED_VIEW -> new ViewRefresh(relation);
            case SEQUENCE -> new SequenceValue(relation);
            case TABLE, FOREIGN_TABLE, PARTITIONED_TABLE, VIEW, COMPOSITE_TYPE -> new TableRows(relation);
        };
        reading.catalog().add(data);
        data.dependOn(relation);
        if (data instanceof ViewRefresh) {
            relation.statistics().ifPresent(statistics -> {
                statistics.postpone();
                statistics.dependOn(data);
            });
        }
        relation.carry(data);
        relation.markInteresting();
    }

    private boolean isDumped(Relation relation) {
        boolean holds = switch (relation.form()) {
            case VIEW, PARTITIONED_TABLE, COMPOSITE_TYPE -> false;
            case FOREIGN_TABLE ->
                reading.selection()
                        .named(PatternUse.INCLUDE_FOREIGN_DATA)
                        .contains(relation.facts().foreignServer());
            case TABLE, MATERIALIZED_VIEW, SEQUENCE -> true;
        };
        boolean skipped = relation.facts().isUnlogged() && reading.options().has(DumpSwitch.NO_UNLOGGED_TABLE_DATA);
        return holds
                && !skipped
                && !reading.selection().named(PatternUse.EXCLUDE_TABLE_DATA).contains(relation.oid());
    }
}

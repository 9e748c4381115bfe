package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;

/** Makes the objects that stand for what the planner knows; it is read when it is written. */
public final class StatisticsKind implements CatalogKind {
    @Override
    public String progress() {
        return "";
    }

    @Override
    public void read(CatalogReading reading) {
        if (!reading.options().statistics()) {
            return;
        }
        Catalog catalog = reading.catalog();
        StatisticsReader reader = new StatisticsReader(reading.server());
        List<Index> indexes = catalog.all(Index.class);
        for (Relation relation : catalog.all(Relation.class)) {
            if (isAnalyzed(relation)) {
                RelationStatistics statistics = catalog.add(RelationStatistics.of(relation, reader));
                statistics.dependOn(relation);
                relation.know(statistics);
            }
        }
        for (Index index : indexes) {
            RelationStatistics statistics = catalog.add(RelationStatistics.of(index, reader));
            statistics.dependOn(index);
            index.constraint().ifPresent(statistics::dependOn);
        }
    }

    private static boolean isAnalyzed(Relation relation) {
        boolean possible = switch (relation.form()) {
            case TABLE, PARTITIONED_TABLE, FOREIGN_TABLE, MATERIALIZED_VIEW -> true;
            case VIEW, SEQUENCE, COMPOSITE_TYPE -> false;
        };
        return possible && relation.wanted().hasAny(Component.DEFINITION, Component.DATA, Component.STATISTICS);
    }
}

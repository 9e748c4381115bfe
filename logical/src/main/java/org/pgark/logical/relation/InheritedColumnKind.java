package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Components;

/** Finds out what a child's columns get from its parents by themselves, and what has to be said to keep it from them. */
public final class InheritedColumnKind implements CatalogKind {
    @Override
    public String progress() {
        return "flagging inherited columns in subtables";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Relation relation : reading.catalog().all(Relation.class)) {
            boolean inherits = switch (relation.form()) {
                case SEQUENCE, VIEW, MATERIALIZED_VIEW -> false;
                case TABLE, PARTITIONED_TABLE, FOREIGN_TABLE, COMPOSITE_TYPE -> true;
            };
            if (inherits && !relation.wanted().isEmpty() && !relation.parents().isEmpty()) {
                for (Column column : relation.columns()) {
                    if (!column.isDropped()) {
                        compare(reading, relation, column);
                    }
                }
            }
        }
    }

    private static void compare(CatalogReading reading, Relation relation, Column column) {
        boolean old = reading.options().emulated() < 16;
        boolean namedNotNulls = reading.server() >= 180000;
        boolean notNullAbove = false;
        boolean validNotNullAbove = false;
        boolean defaultAbove = false;
        boolean sameGenerated = false;
        boolean otherGenerated = false;
        for (Relation parent : relation.parents()) {
            Optional<Column> found = parent.columnNamed(column.name());
            if (found.isEmpty()) {
                continue;
            }
            Column above = found.get();
            notNullAbove |= above.notNull().isSet();
            validNotNullAbove |= above.notNull().isSet() && !above.notNull().invalid();
            Optional<String> expression = above.defaultValue().map(ColumnDefault::expression);
            if (above.isGenerated()) {
                boolean same = expression.isPresent()
                        && expression.equals(column.defaultValue().map(ColumnDefault::expression));
                sameGenerated |= same;
                otherGenerated |= !same;
            } else {
                defaultAbove |=
                        expression.isPresent() && (old || !expression.get().equals("NULL"));
            }
        }
        if (!namedNotNulls && notNullAbove) {
            column.notNull(column.notNull().withLocal(false));
        }
        if (namedNotNulls && !validNotNullAbove) {
            column.notNull(column.notNull().withLocal(true));
        }
        if (defaultAbove && column.defaultValue().isEmpty()) {
            refuseDefault(reading.catalog(), relation, column);
        }
        if (sameGenerated && (old || !otherGenerated) && !relation.isPartition()) {
            column.defaultValue().ifPresent(value -> value.want(Components.NONE));
        }
    }

    /** Without DEFAULT NULL the column would get its parent's default. */
    private static void refuseDefault(Catalog catalog, Relation relation, Column column) {
        boolean separate = !relation.createsColumn(column);
        ColumnDefault value = catalog.add(new ColumnDefault(CatalogId.NONE, relation, column, "NULL", separate));
        if (separate) {
            value.dependOn(relation);
        }
        column.defaultValue(value);
    }
}

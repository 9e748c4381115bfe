package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;

/** What a relation holds: rows, a sequence's value, or what a materialized view is filled with. */
public abstract sealed class RelationData extends DumpObject permits TableRows, SequenceValue, ViewRefresh {
    private final Relation relation;

    RelationData(ObjectKind kind, Relation relation) {
        // no catalogue of its own, or dependencies of the relation would be taken for those of its data
        super(
                kind,
                new CatalogId(0, relation.oid()),
                relation.name(),
                Optional.of(relation.schema().orElseThrow()));
        this.relation = relation;
    }

    public Relation relation() {
        return relation;
    }

    @Override
    public boolean isSchema() {
        return false;
    }
}

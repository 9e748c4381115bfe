package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Placement;
import org.pgark.logical.catalog.Postponable;

/**
 * What the planner knows of a table, a materialized view or an index. That of an index comes when the index is there, that of a
 * materialized view when it has been filled, since filling it throws away what was known.
 */
public final class RelationStatistics extends DumpObject implements Postponable {
    private final RelationSize size;
    private final Optional<Index> index;
    private final StatisticsReader reader;
    private final boolean postponable;
    private boolean late;

    private RelationStatistics(
            DumpObject owner, RelationSize size, Optional<Index> index, StatisticsReader reader, boolean postponable) {
        super(ObjectKind.RELATION_STATISTICS, CatalogId.NONE, owner.name(), owner.schema());
        this.size = size;
        this.index = index;
        this.reader = reader;
        this.postponable = postponable;
        this.late = index.isPresent();
    }

    static RelationStatistics of(Relation relation, StatisticsReader reader) {
        return new RelationStatistics(
                relation,
                relation.facts().size(),
                Optional.empty(),
                reader,
                relation.form() == RelationForm.MATERIALIZED_VIEW);
    }

    static RelationStatistics of(Index index, StatisticsReader reader) {
        return new RelationStatistics(index, index.size(), Optional.of(index), reader, false);
    }

    RelationSize size() {
        return size;
    }

    /** The index, where it is one. */
    Optional<Index> index() {
        return index;
    }

    @Override
    public boolean isSchema() {
        return false;
    }

    @Override
    public Placement placement() {
        return late ? Placement.POST_DATA : Placement.DATA;
    }

    @Override
    public boolean canBePostponed() {
        return postponable;
    }

    @Override
    public void postpone() {
        this.late = true;
    }

    @Override
    public void write(EntryWriter writer) {
        int place = reader.expect(this);
        EntryText text = new EntryText("STATISTICS DATA", name())
                .schema(schemaName())
                .defineLater(connection -> reader.text(place, connection, writer.words()));
        dependencies().forEach(text::dependsOn);
        writer.attach(late ? text.postData() : text.inData());
    }
}

package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Makes the objects that stand for rows, values of sequences and refreshes of materialized views. */
public final class DataKind implements CatalogKind {
    /** Sequences whose values are asked for in one query, where the server has no function for that. */
    private static final int SEQUENCES_PER_QUERY = 500;

    @Override
    public String progress() {
        return "";
    }

    @Override
    public void read(CatalogReading reading) {
        DumpOptions options = reading.options();
        Catalog catalog = reading.catalog();
        if (options.data() || options.has(DumpSwitch.SEQUENCE_DATA)) {
            for (Relation relation : catalog.all(Relation.class)) {
                if (relation.wants(Component.DATA) && (options.data() || relation.form() == RelationForm.SEQUENCE)) {
                    new DataChoice(reading).carry(relation);
                }
            }
        }
        readSequences(reading);
        if (options.data()) {
            orderRefreshes(reading);
            if (!options.schema()) {
                orderByForeignKeys(catalog);
            }
        }
    }

    private static void readSequences(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<SequenceValue> values = catalog.all(SequenceValue.class);
        List<Row> rows = new ArrayList<>();
        if (values.isEmpty()) {
            return;
        }
        if (reading.server() >= 180000) {
            rows.addAll(reading.session()
                    .rows("SELECT seqrelid AS oid, last_value, is_called"
                            + " FROM pg_catalog.pg_sequence, pg_get_sequence_data(seqrelid)"));
        } else {
            for (int from = 0; from < values.size(); from += SEQUENCES_PER_QUERY) {
                rows.addAll(reading.session()
                        .rows(values.subList(from, Math.min(values.size(), from + SEQUENCES_PER_QUERY)).stream()
                                .map(value -> "SELECT " + value.oid() + " AS oid, last_value, is_called FROM "
                                        + reading.words().qualified(value.relation()))
                                .collect(Collectors.joining(" UNION ALL "))));
            }
        }
        for (Row row : rows) {
            Optional<RelationData> data = catalog.find(SystemCatalog.CLASS, row.oid("oid"), Relation.class)
                    .flatMap(Relation::data);
            if (data.isPresent()
                    && data.get() instanceof SequenceValue value
                    && !row.isAbsent("last_value")
                    && !row.isAbsent("is_called")) {
                value.reached(Long.parseLong(row.text("last_value")), row.flag("is_called"));
            }
        }
    }

    /** A materialized view is filled after those that it reads, be it through ordinary views. */
    private static void orderRefreshes(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("""
            WITH RECURSIVE w AS (
              SELECT d1.objid, d2.refobjid, c2.relkind AS refrelkind
              FROM pg_depend d1 JOIN pg_class c1 ON c1.oid = d1.objid AND c1.relkind = 'm'
              JOIN pg_rewrite r1 ON r1.ev_class = d1.objid
              JOIN pg_depend d2 ON d2.classid = 'pg_rewrite'::regclass AND d2.objid = r1.oid AND d2.refobjid <> d1.objid
              JOIN pg_class c2 ON c2.oid = d2.refobjid AND c2.relkind IN ('m', 'v')
              WHERE d1.classid = 'pg_class'::regclass
              UNION
              SELECT w.objid, d3.refobjid, c3.relkind
              FROM w JOIN pg_rewrite r3 ON r3.ev_class = w.refobjid
              JOIN pg_depend d3 ON d3.classid = 'pg_rewrite'::regclass AND d3.objid = r3.oid AND d3.refobjid <> w.refobjid
              JOIN pg_class c3 ON c3.oid = d3.refobjid AND c3.relkind IN ('m', 'v'))
            SELECT objid, refobjid FROM w WHERE refrelkind = 'm'\
            """)) {
            Optional<Relation> view = catalog.find(SystemCatalog.CLASS, row.oid("objid"), Relation.class);
            Optional<Relation> source = catalog.find(SystemCatalog.CLASS, row.oid("refobjid"), Relation.class);
            if (view.flatMap(Relation::data).isPresent()
                    && source.flatMap(Relation::data).isPresent()) {
                view.get().data().orElseThrow().dependOn(source.get().data().orElseThrow());
                if (!source.get().isPopulated()) {
                    view.get().markUnpopulated();
                }
            }
        }
    }

    /** Where the keys are there already when the rows come, rows that are referred to come first. */
    private static void orderByForeignKeys(Catalog catalog) {
        for (ForeignKey key : catalog.all(ForeignKey.class)) {
            Optional<RelationData> referring = key.table().data();
            Optional<RelationData> referenced = catalog.find(SystemCatalog.CLASS, key.referencedTable(), Relation.class)
                    .flatMap(Relation::data);
            if (referring.isPresent() && referenced.isPresent()) {
                referring.get().dependOn(referenced.get());
            }
        }
    }
}

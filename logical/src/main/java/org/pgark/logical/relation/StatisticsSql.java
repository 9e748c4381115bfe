package org.pgark.logical.relation;

import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;

/** Writes calls of pg_restore_relation_stats and pg_restore_attribute_stats, which servers have from 18 on. */
final class StatisticsSql {
    /** What is known of a column, with the type that the argument is given as. */
    private static final List<Map.Entry<String, String>> FACTS = List.of(
            Map.entry("inherited", "boolean"),
            Map.entry("null_frac", "real"),
            Map.entry("avg_width", "integer"),
            Map.entry("n_distinct", "real"),
            Map.entry("most_common_vals", "text"),
            Map.entry("most_common_freqs", "real[]"),
            Map.entry("histogram_bounds", "text"),
            Map.entry("correlation", "real"),
            Map.entry("most_common_elems", "text"),
            Map.entry("most_common_elem_freqs", "real[]"),
            Map.entry("elem_count_histogram", "real[]"),
            Map.entry("range_length_histogram", "text"),
            Map.entry("range_empty_frac", "real"),
            Map.entry("range_bounds_histogram", "text"));

    private final RelationStatistics statistics;
    private final int server;
    private final SqlWords words;

    StatisticsSql(RelationStatistics statistics, int server, SqlWords words) {
        this.statistics = statistics;
        this.server = server;
        this.words = words;
    }

    /** @param columns rows of pg_stats */
    String commands(List<Row> columns) {
        StringBuilder sql = new StringBuilder("SELECT * FROM pg_catalog.pg_restore_relation_stats(\n");
        appendRelation(sql);
        RelationSize size = statistics.size();
        sql.append(",\n\t'relpages', '" + size.pages() + "'::integer,\n\t'reltuples', '" + tuples(size)
                + "'::real,\n\t'relallvisible', '" + size.allVisible() + "'::integer");
        if (server >= 180000) {
            sql.append(",\n\t'relallfrozen', '" + size.allFrozen() + "'::integer");
        }
        sql.append("\n);\n");
        for (Row column : columns) {
            appendColumn(sql, column);
        }
        return sql.toString();
    }

    /** Servers before 14 have 0 both for an empty relation and for one that was never looked at. */
    private String tuples(RelationSize size) {
        return server < 140000 && size.tuples().equals("0") ? "-1" : size.tuples();
    }

    private void appendRelation(StringBuilder sql) {
        sql.append("\t'version', '" + server + "'::integer,\n\t'schemaname', " + words.literal(statistics.schemaName())
                + ",\n\t'relname', " + words.literal(statistics.name()));
    }

    private void appendColumn(StringBuilder sql, Row column) {
        sql.append("SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n");
        appendRelation(sql);
        String name = column.text("attname");
        List<String> ofIndex = statistics.index().map(Index::expressionColumns).orElse(List.of());
        if (ofIndex.isEmpty()) {
            sql.append(",\n\t'attname', " + words.literal(name));
        } else {
            // the server may name the columns of an index otherwise when it is made again
            int place = ofIndex.indexOf(name);
            if (place < 0) {
                throw new DumpException("could not find index attname \"" + name + "\"");
            }
            sql.append(",\n\t'attnum', '" + (place + 1) + "'::smallint");
        }
        for (Map.Entry<String, String> fact : FACTS) {
            column.optional(fact.getKey())
                    .ifPresent(value -> sql.append(",\n\t" + words.literal(fact.getKey()) + ", " + words.literal(value)
                            + "::" + fact.getValue()));
        }
        sql.append("\n);\n");
    }
}

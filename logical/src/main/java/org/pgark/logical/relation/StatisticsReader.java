package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.postgres.wire.WireConnection;

/**
 * Reads the planner's statistics when they are written. They are asked for in the order in which they were expected, so that one
 * query can bring those of the next relations too; only these are in memory.
 */
final class StatisticsReader {
    private static final int RELATIONS_PER_QUERY = 64;

    private final int server;
    private final List<RelationStatistics> expected = new ArrayList<>();
    private final Map<Integer, List<Row>> ahead = new HashMap<>();

    StatisticsReader(int server) {
        this.server = server;
    }

    /** Takes the next relation of those that will be asked for, and returns its place among them. */
    int expect(RelationStatistics statistics) {
        expected.add(statistics);
        return expected.size() - 1;
    }

    /** The commands that bring the statistics of the relation at a place back. */
    String text(int place, WireConnection connection, SqlWords words) {
        if (!ahead.containsKey(place)) {
            ahead.clear();
            read(place, Math.min(expected.size(), place + RELATIONS_PER_QUERY), connection, words);
        }
        List<Row> columns = ahead.getOrDefault(place, List.of());
        ahead.remove(place);
        return new StatisticsSql(expected.get(place), server, words).commands(columns);
    }

    private void read(int from, int to, WireConnection connection, SqlWords words) {
        List<RelationStatistics> relations = expected.subList(from, to);
        String schemas = relations.stream()
                .map(relation -> words.literal(relation.schemaName()))
                .collect(Collectors.joining(", "));
        String names = relations.stream()
                .map(relation -> words.literal(relation.name()))
                .collect(Collectors.joining(", "));
        for (int place = from; place < to; place++) {
            ahead.put(place, new ArrayList<>());
        }
        for (Row row : new CatalogSession(connection).rows(query(schemas, names))) {
            ahead.getOrDefault(from + row.integer("place") - 1, new ArrayList<>())
                    .add(row);
        }
    }

    /** The names stand there a second time so that the planner goes by an index of pg_class. */
    private String query(String schemas, String names) {
        String ranges = server >= 170000
                ? "s.range_length_histogram, s.range_empty_frac, s.range_bounds_histogram"
                : "NULL AS range_length_histogram, NULL AS range_empty_frac, NULL AS range_bounds_histogram";
        return """
            SELECT u.place, s.attname, s.inherited, s.null_frac, s.avg_width, s.n_distinct, s.most_common_vals,
              s.most_common_freqs, s.histogram_bounds, s.correlation, s.most_common_elems, s.most_common_elem_freqs,
              s.elem_count_histogram, %s
            FROM pg_catalog.pg_stats s
            JOIN unnest(ARRAY[%s]::pg_catalog.name[], ARRAY[%s]::pg_catalog.name[]) WITH ORDINALITY
              AS u (schemaname, tablename, place) ON s.schemaname = u.schemaname AND s.tablename = u.tablename
            WHERE s.tablename = ANY (ARRAY[%s]::pg_catalog.name[])
            ORDER BY u.place, s.attname, s.inherited\
            """.formatted(ranges, schemas, names, names);
    }
}

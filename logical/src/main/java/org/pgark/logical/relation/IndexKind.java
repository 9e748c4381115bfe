package org.pgark.logical.relation;

import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads the indexes of interesting tables with the constraints that they enforce. */
public final class IndexKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading indexes";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Relation> tables = catalog.all(Relation.class).stream()
                .filter(table -> table.facts().hasIndexes() && table.isInteresting())
                .toList();
        if (tables.isEmpty()) {
            return;
        }
        reading.session().eachRow(query(reading.server(), OidArray.of(tables)), row -> {
            Relation table = catalog.find(SystemCatalog.CLASS, row.oid("indrelid"), Relation.class)
                    .orElseThrow(() -> new DumpException("unrecognized table OID " + row.text("indrelid")));
            Index index = catalog.add(new Index(row, table));
            table.addIndex(index);
            char type = row.letter("contype");
            if (type == 'p' || type == 'u' || type == 'x') {
                index.enforce(
                        catalog.add(new KeyConstraint(SystemCatalog.CONSTRAINT.id(row.oid("conoid")), row, index)));
            }
        });
    }

    private static String query(int server, String tables) {
        boolean partitioned = server >= 110000;
        String targets = "(SELECT pg_catalog.array_agg(%s ORDER BY attnum) FROM pg_catalog.pg_attribute"
                + " WHERE attrelid = i.indexrelid AND attstattarget >= 0)";
        return """
            SELECT t.oid, i.indrelid, t.relname AS indexname, t.relpages, t.reltuples, t.relallvisible, %s AS relallfrozen,
              pg_catalog.pg_get_indexdef(i.indexrelid) AS indexdef, i.indkey, i.indisclustered, i.indisreplident,
              c.contype, c.conname, c.condeferrable, c.condeferred, c.oid AS conoid,
              CASE WHEN c.contype = 'x' THEN pg_catalog.pg_get_constraintdef(c.oid, false) END AS condef,
              CASE WHEN i.indexprs IS NOT NULL THEN (SELECT pg_catalog.array_agg(attname ORDER BY attnum)
                FROM pg_catalog.pg_attribute WHERE attrelid = i.indexrelid) END AS indattnames,
              s.spcname AS tablespace, t.reloptions AS indreloptions, %s AS parentidx, %s AS indnkeyatts,
              %s AS indstatcols, %s AS indstatvals, %s AS indnullsnotdistinct, %s AS conperiod
            FROM unnest(%s) AS src(oid)
            JOIN pg_catalog.pg_index i ON src.oid = i.indrelid
            JOIN pg_catalog.pg_class t ON t.oid = i.indexrelid
            JOIN pg_catalog.pg_class t2 ON t2.oid = i.indrelid
            LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = t.reltablespace
            LEFT JOIN pg_catalog.pg_constraint c ON i.indrelid = c.conrelid AND i.indexrelid = c.conindid
              AND c.contype IN ('p', 'u', 'x')
            LEFT JOIN pg_catalog.pg_inherits inh ON inh.inhrelid = i.indexrelid
            WHERE (i.indisvalid OR t2.relkind = 'p') AND i.indisready
            ORDER BY i.indrelid, indexname\
            """.formatted(
                        server >= 180000 ? "t.relallfrozen" : "0",
                        partitioned ? "inh.inhparent" : "0",
                        partitioned ? "i.indnkeyatts" : "i.indnatts",
                        partitioned ? targets.formatted("attnum") : "NULL",
                        partitioned ? targets.formatted("attstattarget") : "NULL",
                        server >= 150000 ? "i.indnullsnotdistinct" : "false",
                        server >= 180000 ? "c.conperiod" : "NULL",
                        tables);
    }

    /** Makes indexes of partitions attach to the partitioned index above. */
    public static final class Attachments implements CatalogKind {
        @Override
        public String progress() {
            return "flagging indexes in partitioned tables";
        }

        @Override
        public void read(CatalogReading reading) {
            Catalog catalog = reading.catalog();
            for (Relation table : catalog.all(Relation.class)) {
                if (!table.isPartition() || table.parents().isEmpty()) {
                    continue;
                }
                for (Index index : table.indexes()) {
                    catalog.find(SystemCatalog.CLASS, index.parent(), Index.class)
                            .ifPresent(parent -> {
                                IndexAttach attach = catalog.add(new IndexAttach(parent, index));
                                attach.dependOnParts();
                                parent.addAttachment(attach);
                            });
                }
            }
        }
    }
}

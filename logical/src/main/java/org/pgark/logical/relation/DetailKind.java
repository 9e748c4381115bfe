package org.pgark.logical.relation;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads what only some forms of relations have: queries of views, partition keys and bounds, servers, sequences, grants on columns. */
public final class DetailKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading partitioning data";
    }

    @Override
    public void read(CatalogReading reading) {
        if (reading.options().schema()) {
            readTexts(reading);
            readSequences(reading);
            if (!reading.options().has(DumpSwitch.NO_PRIVILEGES)) {
                readColumnPrivileges(reading);
            }
        }
        if (reading.options().data() && reading.server() >= 110000) {
            readUnsafePartitioning(reading);
        }
    }

    private static void readTexts(CatalogReading reading) {
        each(
                reading,
                relation -> relation.form() == RelationForm.VIEW || relation.form() == RelationForm.MATERIALIZED_VIEW,
                "SELECT src.oid, pg_catalog.pg_get_viewdef(src.oid) AS text FROM unnest(%s) AS src(oid)",
                text(RelationText.VIEW_DEFINITION));
        each(
                reading,
                relation -> relation.form() == RelationForm.PARTITIONED_TABLE,
                "SELECT src.oid, pg_catalog.pg_get_partkeydef(src.oid) AS text FROM unnest(%s) AS src(oid)",
                text(RelationText.PARTITION_KEY));
        each(
                reading,
                Relation::isPartition,
                "SELECT c.oid, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS text FROM unnest(%s) AS src(oid)"
                        + " JOIN pg_catalog.pg_class c ON c.oid = src.oid",
                text(RelationText.PARTITION_BOUND));
        each(
                reading,
                relation -> relation.facts().typedBy() != 0,
                "SELECT c.oid, pg_catalog.format_type(c.reloftype, NULL) AS text FROM unnest(%s) AS src(oid)"
                        + " JOIN pg_catalog.pg_class c ON c.oid = src.oid",
                text(RelationText.TYPE_OF_ROWS));
        each(reading, relation -> relation.form() == RelationForm.FOREIGN_TABLE, """
                SELECT ft.ftrelid AS oid, fs.srvname, pg_catalog.array_to_string(ARRAY(
                    SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value)
                    FROM pg_catalog.pg_options_to_table(ft.ftoptions) ORDER BY option_name), E',\\n    ') AS options
                FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = src.oid
                JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver""", (relation, row) -> {
            relation.describe(RelationText.FOREIGN_SERVER, row.text("srvname"));
            relation.describe(RelationText.FOREIGN_OPTIONS, row.text("options"));
        });
    }

    private static BiConsumer<Relation, Row> text(RelationText which) {
        return (relation, row) -> relation.describe(which, row.text("text"));
    }

    private static void each(
            CatalogReading reading, Predicate<Relation> which, String query, BiConsumer<Relation, Row> reader) {
        Catalog catalog = reading.catalog();
        List<Relation> relations = catalog.all(Relation.class).stream()
                .filter(relation -> relation.wants(Component.DEFINITION) && which.test(relation))
                .toList();
        if (!relations.isEmpty()) {
            for (Row row : reading.session().rows(query.formatted(OidArray.of(relations)))) {
                catalog.find(SystemCatalog.CLASS, row.oid("oid"), Relation.class)
                        .ifPresent(relation -> reader.accept(relation, row));
            }
        }
    }

    private static void readSequences(CatalogReading reading) {
        each(
                reading,
                relation -> relation.form() == RelationForm.SEQUENCE,
                """
                SELECT s.seqrelid AS oid, pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart, s.seqincrement, s.seqmax,
                  s.seqmin, s.seqcache, s.seqcycle
                FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_sequence s ON s.seqrelid = src.oid""",
                (relation, row) -> relation.describeSequence(SequenceFacts.of(row)));
    }

    private static void readColumnPrivileges(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT a.attrelid, a.attname, a.attacl, p.initprivs
                FROM pg_catalog.pg_attribute a
                LEFT JOIN pg_catalog.pg_init_privs p ON a.attrelid = p.objoid AND a.attnum = p.objsubid
                  AND p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
                WHERE NOT a.attisdropped AND (a.attacl IS NOT NULL OR p.initprivs IS NOT NULL)
                ORDER BY a.attrelid, a.attnum""")) {
            reading.catalog()
                    .find(SystemCatalog.CLASS, row.oid("attrelid"), Relation.class)
                    .ifPresent(relation -> relation.addColumnPrivileges(new ColumnPrivileges(
                            row.text("attname"), row.optional("attacl"), row.optional("initprivs"))));
        }
    }

    /** Hashes of enum values follow their OIDs, which are others after a restore. */
    private static void readUnsafePartitioning(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT partrelid FROM pg_partitioned_table WHERE
                  (SELECT c.oid FROM pg_opclass c JOIN pg_am a ON c.opcmethod = a.oid
                   WHERE opcname = 'enum_ops' AND opcnamespace = 'pg_catalog'::regnamespace AND amname = 'hash')
                  = ANY(partclass)""")) {
            reading.catalog()
                    .find(SystemCatalog.CLASS, row.oid("partrelid"), Relation.class)
                    .ifPresent(Relation::markUnsafelyPartitioned);
        }
    }
}

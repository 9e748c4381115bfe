package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads columns, their defaults, NOT NULLs and the CHECK constraints of all interesting relations. */
public final class ColumnKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading column info for interesting tables";
    }

    @Override
    public void read(CatalogReading reading) {
        List<Relation> relations = reading.catalog().all(Relation.class).stream()
                .filter(relation -> relation.isInteresting() && relation.form() != RelationForm.SEQUENCE)
                .toList();
        if (relations.isEmpty()) {
            return;
        }
        List<Relation> withDefaults = new ArrayList<>();
        List<Long> invalidNotNulls = new ArrayList<>();
        reading.session().eachRow(query(reading.server(), OidArray.of(relations)), row -> {
            Relation relation = relation(reading, row.oid("attrelid"));
            row.optional("notnull_invalid").map(Long::parseLong).ifPresent(invalidNotNulls::add);
            relation.addColumn(new Column(row, notNull(row, relation, reading.server())));
            if (row.flag("atthasdef") && (withDefaults.isEmpty() || withDefaults.getLast() != relation)) {
                withDefaults.add(relation);
            }
        });
        if (reading.options().schema()) {
            if (!withDefaults.isEmpty()) {
                reading.listener().progress("finding table default expressions");
                readDefaults(reading, withDefaults);
            }
            if (!invalidNotNulls.isEmpty()) {
                reading.listener().progress("finding invalid not-null constraints");
                new CheckReading(reading).readNotNulls(invalidNotNulls);
            }
            List<Relation> checked = relations.stream()
                    .filter(relation -> relation.facts().checkCount() > 0)
                    .toList();
            if (!checked.isEmpty()) {
                reading.listener().progress("finding table check constraints");
                new CheckReading(reading).readChecks(checked);
            }
        }
    }

    private static Relation relation(CatalogReading reading, long oid) {
        return reading.catalog()
                .find(SystemCatalog.CLASS, oid, Relation.class)
                .orElseThrow(() -> new DumpException("unrecognized table OID " + oid));
    }

    private static void readDefaults(CatalogReading reading, List<Relation> relations) {
        for (Row row : reading.session().rows("""
            SELECT a.oid, a.adrelid, a.adnum, pg_catalog.pg_get_expr(a.adbin, a.adrelid) AS expression
            FROM unnest(%s) AS src(oid) JOIN pg_catalog.pg_attrdef a ON src.oid = a.adrelid
            ORDER BY a.adrelid, a.adnum\
            """.formatted(OidArray.of(relations)))) {
            Relation relation = relation(reading, row.oid("adrelid"));
            int number = row.integer("adnum");
            if (number <= 0 || number > relation.columns().size()) {
                throw new DumpException("invalid adnum value " + number + " for table \"" + relation.name() + "\"");
            }
            Column column = relation.columns().get(number - 1);
            if (column.isDropped()) {
                continue;
            }
            // a generation expression has no statement of its own; a view's default has nothing else
            boolean separate =
                    !column.isGenerated() && (relation.form() == RelationForm.VIEW || !relation.createsColumn(column));
            ColumnDefault value = reading.catalog()
                    .add(new ColumnDefault(
                            SystemCatalog.ATTRIBUTE_DEFAULT.id(row.oid("oid")),
                            relation,
                            column,
                            row.text("expression"),
                            separate));
            column.defaultValue(value);
            if (!separate) {
                relation.dependOn(value);
            }
        }
    }

    /** The name of a NOT NULL is only written where it is not the one that the server gives by itself, or has a comment. */
    private static NotNull notNull(Row row, Relation relation, int server) {
        Optional<String> name = row.optional("notnull_name");
        if (!row.isAbsent("notnull_invalid")) {
            return new NotNull(Optional.empty(), false, false, true, Optional.empty());
        }
        Optional<String> comment = row.optional("notnull_comment");
        boolean given = (relation.name() + "_" + row.text("attname") + "_not_null").equals(name.orElse(""));
        return new NotNull(
                server >= 180000 && comment.isEmpty() && given ? Optional.of("") : name,
                row.flag("notnull_islocal"),
                row.flag("notnull_noinherit"),
                false,
                comment);
    }

    private static String query(int server, String relations) {
        boolean named = server >= 180000;
        String notNull = named ? """
            co.conname AS notnull_name, CASE WHEN co.convalidated THEN pt.description END AS notnull_comment,
            CASE WHEN NOT co.convalidated THEN co.oid END AS notnull_invalid, co.connoinherit AS notnull_noinherit,
            co.conislocal AS notnull_islocal\
            """ : """
                    CASE WHEN a.attnotnull THEN '' END AS notnull_name, NULL AS notnull_comment, NULL AS notnull_invalid,
                    false AS notnull_noinherit, a.attislocal OR a.attnotnull AS notnull_islocal\
                    """;
        String notNullJoin = named ? """
            LEFT JOIN pg_catalog.pg_constraint co ON a.attrelid = co.conrelid AND co.contype = 'n'
              AND co.conkey = array[a.attnum]
            LEFT JOIN pg_catalog.pg_description pt ON pt.classoid = co.tableoid AND pt.objoid = co.oid\
            """ : "";
        return """
            SELECT a.attrelid, a.attnum, a.attname, a.attstattarget, a.attstorage, t.typstorage, a.atthasdef, a.attisdropped,
              a.attislocal, pg_catalog.format_type(t.oid, a.atttypmod) AS atttypname,
              pg_catalog.array_to_string(a.attoptions, ', ') AS attoptions, cn.nspname AS collation_schema, c.collname,
              pg_catalog.array_to_string(ARRAY(
                SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value)
                FROM pg_catalog.pg_options_to_table(a.attfdwoptions) ORDER BY option_name), E',\\n    ') AS attfdwoptions,
              %s,
              %s AS attcompression, a.attidentity, %s AS attgenerated
            FROM unnest(%s) AS src(oid)
            JOIN pg_catalog.pg_attribute a ON src.oid = a.attrelid
            LEFT JOIN pg_catalog.pg_type t ON a.atttypid = t.oid
            LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation AND a.attcollation <> t.typcollation
            LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
            %s
            WHERE a.attnum > 0 ORDER BY a.attrelid, a.attnum\
            """.formatted(
                        notNull,
                        server >= 140000 ? "a.attcompression" : "''",
                        server >= 120000 ? "a.attgenerated" : "''",
                        relations,
                        notNullJoin);
    }
}

package org.pgark.logical.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;

/** Reads what the definitions of the types that are dumped need: one query for each form. */
final class TypeDefinitions {
    private final CatalogReading reading;
    private final List<DataType> types;

    TypeDefinitions(CatalogReading reading, List<DataType> types) {
        this.reading = reading;
        this.types = types;
    }

    void read() {
        readBaseTypes();
        readCompositeTypes();
        readDomains();
        readEnumerations();
        readRanges();
        UndefinedTypeSql undefined = new UndefinedTypeSql();
        of(TypeForm.UNDEFINED).forEach(type -> type.define(undefined));
        PseudoTypeSql pseudo = new PseudoTypeSql();
        of(TypeForm.PSEUDO).forEach(type -> type.define(pseudo));
    }

    private List<DataType> of(TypeForm form) {
        return types.stream().filter(type -> type.form() == form).toList();
    }

    private void readBaseTypes() {
        String subscript = reading.server() >= 140000
                ? "typsubscript, typsubscript::pg_catalog.oid AS typsubscriptoid"
                : "'-' AS typsubscript, 0 AS typsubscriptoid";
        eachRow(TypeForm.BASE, """
                SELECT oid, typlen, typinput, typoutput, typreceive, typsend, typreceive::pg_catalog.oid AS typreceiveoid,
                  typsend::pg_catalog.oid AS typsendoid, typanalyze, typanalyze::pg_catalog.oid AS typanalyzeoid, typdelim,
                  typbyval, typalign, typstorage, typmodin, typmodout, typmodin::pg_catalog.oid AS typmodinoid,
                  typmodout::pg_catalog.oid AS typmodoutoid, typcategory, typispreferred, typcollation <> 0 AS typcollatable,
                  pg_catalog.pg_get_expr(typdefaultbin, 0) AS typdefaultbin, typdefault, %s
                FROM pg_catalog.pg_type WHERE oid = ANY (%s)\
                """, subscript, (type, row) -> type.define(new BaseTypeSql(row)));
    }

    private void readDomains() {
        eachRow(TypeForm.DOMAIN, """
                SELECT t.oid, t.typnotnull, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS typdefn,
                  pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass) AS typdefaultbin,
                  t.typdefault, c.collname, n.nspname AS collnsp %s
                FROM pg_catalog.pg_type t
                LEFT JOIN pg_catalog.pg_type u ON t.typbasetype = u.oid
                LEFT JOIN pg_catalog.pg_collation c ON c.oid = t.typcollation AND t.typcollation <> u.typcollation
                LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                WHERE t.oid = ANY (%s)\
                """, "", (type, row) -> type.define(new DomainSql(row)));
    }

    private void readRanges() {
        String multirange = reading.server() >= 140000 ? "pg_catalog.format_type(rngmultitypid, NULL)" : "NULL";
        eachRow(TypeForm.RANGE, """
                SELECT rngtypid AS oid, %s AS rngmultitype, pg_catalog.format_type(rngsubtype, NULL) AS rngsubtype, opc.opcname,
                  (SELECT nspname FROM pg_catalog.pg_namespace nsp WHERE nsp.oid = opc.opcnamespace) AS opcnsp, opc.opcdefault,
                  c.collname, cn.nspname AS collnsp, rngcanonical, rngsubdiff
                FROM pg_catalog.pg_range r
                JOIN pg_catalog.pg_type st ON st.oid = rngsubtype
                JOIN pg_catalog.pg_opclass opc ON opc.oid = rngsubopc
                LEFT JOIN pg_catalog.pg_collation c ON c.oid = rngcollation AND rngcollation <> st.typcollation
                LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
                WHERE rngtypid = ANY (%s)\
                """, multirange, (type, row) -> type.define(new RangeTypeSql(row)));
    }

    private void readEnumerations() {
        Map<DataType, List<String>> labels = new HashMap<>();
        of(TypeForm.ENUMERATION).forEach(type -> labels.put(type, new ArrayList<>()));
        eachRow(
                TypeForm.ENUMERATION,
                "SELECT enumtypid AS oid, enumlabel %s FROM pg_catalog.pg_enum WHERE enumtypid = ANY (%s)"
                        + " ORDER BY enumtypid, enumsortorder",
                "",
                (type, row) -> labels.getOrDefault(type, new ArrayList<>()).add(row.text("enumlabel")));
        labels.forEach((type, of) -> type.define(new EnumerationSql(of)));
    }

    private void readCompositeTypes() {
        Map<DataType, List<Row>> attributes = new HashMap<>();
        of(TypeForm.COMPOSITE).forEach(type -> attributes.put(type, new ArrayList<>()));
        eachRow(
                TypeForm.COMPOSITE,
                """
                SELECT ct.oid, a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod) AS atttypdefn, c.collname,
                  cn.nspname AS collnsp %s
                FROM pg_catalog.pg_type ct
                JOIN pg_catalog.pg_attribute a ON a.attrelid = ct.typrelid
                LEFT JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
                LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation AND a.attcollation <> at.typcollation
                LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
                WHERE a.attnum > 0 AND NOT a.attisdropped AND ct.oid = ANY (%s) ORDER BY ct.oid, a.attnum\
                """,
                "",
                (type, row) -> attributes.getOrDefault(type, new ArrayList<>()).add(row));
        attributes.forEach((type, of) -> type.define(new CompositeTypeSql(of)));
    }

    private interface RowOfType {
        void take(DataType type, Row row);
    }

    private void eachRow(TypeForm form, String sql, String variant, RowOfType taker) {
        Map<Long, DataType> byOid = new HashMap<>();
        of(form).forEach(type -> byOid.put(type.oid(), type));
        if (byOid.isEmpty()) {
            return;
        }
        for (Row row : reading.session().rows(sql.formatted(variant, OidArray.sql(byOid.keySet())))) {
            DataType type = byOid.get(row.oid("oid"));
            if (type != null) {
                taker.take(type, row);
            }
        }
    }
}

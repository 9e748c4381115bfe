package org.pgark.logical.type;

import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Row;

/**
 * A range type.
 *
 * @param row what pg_range says of it
 */
record RangeTypeSql(Row row) implements TypeSql {
    @Override
    public String create(DataType type, EntryWriter writer) {
        StringBuilder sql = new StringBuilder("CREATE TYPE " + writer.qualified(type) + " AS RANGE (");
        sql.append("\n    subtype = " + row.text("rngsubtype"));
        if (!row.isAbsent("rngmultitype") && writer.emulated() >= 14) {
            sql.append(",\n    multirange_type_name = " + row.text("rngmultitype"));
        }
        if (!row.flag("opcdefault")) {
            sql.append(",\n    subtype_opclass = " + writer.qualified(row.text("opcnsp"), row.text("opcname")));
        }
        if (!row.isAbsent("collname")) {
            sql.append(",\n    collation = " + writer.qualified(row.text("collnsp"), row.text("collname")));
        }
        if (!row.text("rngcanonical").equals("-")) {
            sql.append(",\n    canonical = " + row.text("rngcanonical"));
        }
        if (!row.text("rngsubdiff").equals("-")) {
            sql.append(",\n    subtype_diff = " + row.text("rngsubdiff"));
        }
        return sql.append("\n);\n").toString();
    }
}

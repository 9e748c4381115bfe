package org.pgark.logical.type;

import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Row;

/**
 * A base type.
 *
 * @param row what pg_type says of it
 */
record BaseTypeSql(Row row) implements TypeSql {
    @Override
    public String dropSuffix() {
        // It cannot go while its functions are there, nor they while it is there.
        return " CASCADE";
    }

    @Override
    public String create(DataType type, EntryWriter writer) {
        StringBuilder sql = new StringBuilder("CREATE TYPE " + writer.qualified(type) + " (\n    INTERNALLENGTH = ");
        sql.append(row.text("typlen").equals("-1") ? "variable" : row.text("typlen"));
        sql.append(",\n    INPUT = " + row.text("typinput"));
        sql.append(",\n    OUTPUT = " + row.text("typoutput"));
        function(sql, "RECEIVE", "typreceive");
        function(sql, "SEND", "typsend");
        function(sql, "TYPMOD_IN", "typmodin");
        function(sql, "TYPMOD_OUT", "typmodout");
        function(sql, "ANALYZE", "typanalyze");
        if (row.flag("typcollatable")) {
            sql.append(",\n    COLLATABLE = true");
        }
        if (!row.isAbsent("typdefaultbin")) {
            sql.append(",\n    DEFAULT = " + row.text("typdefaultbin"));
        } else if (!row.isAbsent("typdefault")) {
            sql.append(",\n    DEFAULT = " + writer.literal(row.text("typdefault")));
        }
        if (writer.emulated() >= 14) {
            function(sql, "SUBSCRIPT", "typsubscript");
        }
        if (type.element() != 0) {
            sql.append(",\n    ELEMENT = " + DataType.name(writer.catalog(), type.element()));
        }
        if (!row.text("typcategory").equals("U")) {
            sql.append(",\n    CATEGORY = " + writer.literal(row.text("typcategory")));
        }
        if (row.flag("typispreferred")) {
            sql.append(",\n    PREFERRED = true");
        }
        if (!row.text("typdelim").equals(",")) {
            sql.append(",\n    DELIMITER = " + writer.literal(row.text("typdelim")));
        }
        sql.append(alignment()).append(storage());
        if (row.flag("typbyval")) {
            sql.append(",\n    PASSEDBYVALUE");
        }
        return sql.append("\n);\n").toString();
    }

    private void function(StringBuilder sql, String word, String column) {
        if (row.oid(column + "oid") != 0) {
            sql.append(",\n    " + word + " = " + row.text(column));
        }
    }

    private String alignment() {
        return switch (row.letter("typalign")) {
            case 'c' -> ",\n    ALIGNMENT = char";
            case 's' -> ",\n    ALIGNMENT = int2";
            case 'i' -> ",\n    ALIGNMENT = int4";
            case 'd' -> ",\n    ALIGNMENT = double";
            default -> "";
        };
    }

    private String storage() {
        return switch (row.letter("typstorage")) {
            case 'p' -> ",\n    STORAGE = plain";
            case 'e' -> ",\n    STORAGE = external";
            case 'x' -> ",\n    STORAGE = extended";
            case 'm' -> ",\n    STORAGE = main";
            default -> "";
        };
    }
}

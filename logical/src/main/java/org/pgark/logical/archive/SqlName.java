package org.pgark.logical.archive;

import java.util.Set;

/** Names as SQL wants them written, as {@code fmtId} of fe_utils/string_utils.c does. */
public final class SqlName {
    /** All keywords that are not simply unreserved (parser/kwlist.h of 18). */
    private static final Set<String> KEYWORDS = Set.of("""
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean
            both case cast char character check coalesce collate collation column concurrently constraint create
            cross current_catalog current_date current_role current_schema current_time current_timestamp
            current_user dec decimal default deferrable desc distinct do else end except exists extract false
            fetch float for foreign freeze from full grant greatest group grouping having ilike in initially
            inner inout int integer intersect interval into is isnull join json json_array json_arrayagg
            json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
            lateral leading least left like limit localtime localtimestamp merge_action national natural nchar
            none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
            placing position precision primary real references returning right row select session_user setof
            similar smallint some substring symmetric system_user table tablesample then time timestamp to
            trailing treat trim true union unique user using values varchar variadic verbose when where window
            with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
            xmlserialize xmltable
            """.split("\\s+"));

    private SqlName() {}

    /** The name, quoted where it must be. */
    public static String quoted(String name) {
        return isPlain(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The name behind its schema, if that is not empty. */
    public static String qualified(String namespace, String name) {
        return namespace.isEmpty() ? quoted(name) : quoted(namespace) + "." + quoted(name);
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || !isLetter(name.charAt(0))) {
            return false;
        }
        for (int index = 1; index < name.length(); index++) {
            char letter = name.charAt(index);
            if (!isLetter(letter) && (letter < '0' || letter > '9')) {
                return false;
            }
        }
        return !KEYWORDS.contains(name);
    }

    private static boolean isLetter(char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '_';
    }

    /** A literal as it stands in a script, where backslashes count if {@code standard_conforming_strings} is off. */
    public static String literal(String text, boolean standardStrings) {
        String doubled = text.replace("'", "''");
        return '\'' + (standardStrings ? doubled : doubled.replace("\\", "\\\\")) + '\'';
    }
}

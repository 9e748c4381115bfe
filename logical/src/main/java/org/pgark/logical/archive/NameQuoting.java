package org.pgark.logical.archive;

import java.util.Set;
import org.pgark.postgres.PostgresMajor;

/**
 * Which names are written in double quotes: those that mean something else without ({@code fmtId} of fe_utils/string_utils.c), or
 * all, for servers of another version with other key words.
 *
 * @param release the version whose key words count
 */
public record NameQuoting(PostgresMajor release, boolean all) {
    /** As the newest version does it. */
    public static final NameQuoting WHERE_NEEDED = new NameQuoting(PostgresMajor.V18, false);

    /** All keywords that are not simply unreserved (parser/kwlist.h of 13). */
    private static final Set<String> KEYWORDS = Set.of("""
        all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean
        both case cast char character check coalesce collate collation column concurrently constraint create
        cross current_catalog current_date current_role current_schema current_time current_timestamp
        current_user dec decimal default deferrable desc distinct do else end except exists extract false
        fetch float for foreign freeze from full grant greatest group grouping having ilike in initially
        inner inout int integer intersect interval into is isnull join lateral leading least left like
        limit localtime localtimestamp national natural nchar
        none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
        placing position precision primary real references returning right row select session_user setof
        similar smallint some substring symmetric table tablesample then time timestamp to
        trailing treat trim true union unique user using values varchar variadic verbose when where window
        with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
        xmlserialize xmltable
        """.split("\\s+"));

    private static final Set<String> KEYWORDS_SINCE_16 =
            Set.of("json_array", "json_arrayagg", "json_object", "json_objectagg", "system_user");

    private static final Set<String> KEYWORDS_SINCE_17 = Set.of(
            "json",
            "json_exists",
            "json_query",
            "json_scalar",
            "json_serialize",
            "json_table",
            "json_value",
            "merge_action");

    /** The name, in quotes where this asks for them. */
    public String quoted(String name) {
        return !all && isPlain(name) ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The name behind its schema, if that is not empty. */
    public String qualified(String namespace, String name) {
        return namespace.isEmpty() ? quoted(name) : quoted(namespace) + "." + quoted(name);
    }

    private boolean isPlain(String name) {
        if (name.isEmpty() || !isLetter(name.charAt(0))) {
            return false;
        }
        boolean onlyLetters = true;
        for (int index = 1; index < name.length(); index++) {
            char letter = name.charAt(index);
            if (!isLetter(letter)) {
                if (letter < '0' || letter > '9') {
                    return false;
                }
                onlyLetters = false;
            }
        }
        // No keyword has a digit.
        return !onlyLetters || !isKeyword(name);
    }

    private boolean isKeyword(String name) {
        return KEYWORDS.contains(name)
                || (release.compareTo(PostgresMajor.V16) >= 0 && KEYWORDS_SINCE_16.contains(name))
                || (release.compareTo(PostgresMajor.V17) >= 0 && KEYWORDS_SINCE_17.contains(name));
    }

    private static boolean isLetter(char letter) {
        return (letter >= 'a' && letter <= 'z') || letter == '_';
    }
}

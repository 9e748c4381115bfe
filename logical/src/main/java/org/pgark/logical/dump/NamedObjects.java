package org.pgark.logical.dump;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.NamePattern;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;

/** Finds what the patterns of a dump match. What is to be included has to exist, what is to be left out need not. */
final class NamedObjects {
    private final CatalogSession session;
    private final DumpOptions options;
    private final SqlWords words;
    private final Map<PatternUse, Set<Long>> found = new EnumMap<>(PatternUse.class);

    NamedObjects(CatalogSession session, DumpOptions options, SqlWords words) {
        this.session = session;
        this.options = options;
        this.words = words;
    }

    Map<PatternUse, Set<Long>> find() {
        boolean strict = options.has(DumpSwitch.STRICT_NAMES);
        schemas(PatternUse.INCLUDE_SCHEMA, strict);
        requireAny(PatternUse.INCLUDE_SCHEMA, "schemas");
        schemas(PatternUse.EXCLUDE_SCHEMA, false);
        tables(PatternUse.INCLUDE_TABLE, PatternUse.INCLUDE_TABLE, strict, false);
        tables(PatternUse.INCLUDE_TABLE_AND_CHILDREN, PatternUse.INCLUDE_TABLE, strict, true);
        requireAny(PatternUse.INCLUDE_TABLE, "tables");
        tables(PatternUse.EXCLUDE_TABLE, PatternUse.EXCLUDE_TABLE, false, false);
        tables(PatternUse.EXCLUDE_TABLE_AND_CHILDREN, PatternUse.EXCLUDE_TABLE, false, true);
        tables(PatternUse.EXCLUDE_TABLE_DATA, PatternUse.EXCLUDE_TABLE_DATA, false, false);
        tables(PatternUse.EXCLUDE_TABLE_DATA_AND_CHILDREN, PatternUse.EXCLUDE_TABLE_DATA, false, true);
        others(PatternUse.INCLUDE_FOREIGN_DATA, "pg_catalog.pg_foreign_server", "srvname", true, "foreign servers");
        others(PatternUse.INCLUDE_EXTENSION, "pg_catalog.pg_extension", "extname", strict, "extensions");
        requireAny(PatternUse.INCLUDE_EXTENSION, "extensions");
        others(PatternUse.EXCLUDE_EXTENSION, "pg_catalog.pg_extension", "extname", false, "extensions");
        return found;
    }

    private void requireAny(PatternUse use, String what) {
        boolean asked = !options.patterns(use).isEmpty()
                || (use == PatternUse.INCLUDE_TABLE
                        && !options.patterns(PatternUse.INCLUDE_TABLE_AND_CHILDREN)
                                .isEmpty());
        if (asked && found.getOrDefault(use, Set.of()).isEmpty()) {
            throw new DumpException("no matching " + what + " were found");
        }
    }

    private void schemas(PatternUse use, boolean strict) {
        for (String text : options.patterns(use)) {
            NamePattern pattern = NamePattern.parse(text, 2);
            if (pattern.dots() > 1) {
                throw new DumpException("improper qualified name (too many dotted names): " + text);
            }
            refuseOtherDatabase(pattern, 1, text);
            add(
                    use,
                    "SELECT oid FROM pg_catalog.pg_namespace n WHERE "
                            + pattern.nameCondition("n.nspname", words, session.serverVersion()),
                    strict,
                    "schemas",
                    text);
        }
    }

    /** A name without schema means what is visible by the user's search path. */
    private void tables(PatternUse use, PatternUse into, boolean strict, boolean withChildren) {
        for (String text : options.patterns(use)) {
            NamePattern pattern = NamePattern.parse(text, 3);
            if (pattern.dots() > 2) {
                throw new DumpException("improper relation name (too many dotted names): " + text);
            }
            refuseOtherDatabase(pattern, 2, text);
            int server = session.serverVersion();
            String query = "SELECT c.oid FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n"
                    + " ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                    + " WHERE c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'S', 'v', 'm', 'f', 'p']) AND "
                    + pattern.nameCondition("c.relname", words, server) + " AND "
                    + (pattern.hasSchema()
                            ? pattern.schemaCondition("n.nspname", words, server)
                            : "pg_catalog.pg_table_is_visible(c.oid)");
            if (withChildren) {
                query = "WITH RECURSIVE tree (oid) AS (" + query
                        + " UNION SELECT i.inhrelid FROM tree p JOIN pg_catalog.pg_inherits i"
                        + " ON p.oid OPERATOR(pg_catalog.=) i.inhparent) SELECT oid FROM tree";
            }
            session.execute("RESET search_path");
            add(into, query, strict, "tables", text);
            session.execute("SELECT pg_catalog.set_config('search_path', '', false)");
        }
    }

    private void others(PatternUse use, String catalog, String column, boolean strict, String what) {
        for (String text : options.patterns(use)) {
            NamePattern pattern = NamePattern.parse(text, 1);
            if (pattern.dots() > 0) {
                throw new DumpException("improper qualified name (too many dotted names): " + text);
            }
            add(
                    use,
                    "SELECT oid FROM " + catalog + " WHERE "
                            + pattern.nameCondition(column, words, session.serverVersion()),
                    strict,
                    what,
                    text);
        }
    }

    private void refuseOtherDatabase(NamePattern pattern, int dots, String text) {
        if (pattern.dots() == dots
                && !pattern.literalStart()
                        .equals(session.connection().settings().database())) {
            throw new DumpException("cross-database references are not implemented: " + text);
        }
    }

    private void add(PatternUse use, String query, boolean strict, String what, String pattern) {
        Set<Long> oids = found.computeIfAbsent(use, key -> new HashSet<>());
        boolean any = false;
        for (Row row : session.rows(query)) {
            oids.add(row.oid("oid"));
            any = true;
        }
        if (strict && !any) {
            throw new DumpException("no matching " + what + " were found for pattern \"" + pattern + "\"");
        }
    }
}

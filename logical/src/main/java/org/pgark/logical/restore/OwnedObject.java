package org.pgark.logical.restore;

import java.util.Optional;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.archive.TocEntry;
import org.pgark.postgres.PostgresMajor;

/** How ALTER ... OWNER TO names the object of an entry. */
final class OwnedObject {
    private OwnedObject() {}

    /** The kind and name, or nothing for what has no owner of its own. */
    static Optional<String> of(TocEntry entry, RestoreOptions options) throws ArchiveException {
        return switch (entry.description()) {
            case "VIEW", "SEQUENCE", "MATERIALIZED VIEW" ->
                // Until 15 these were altered as tables.
                Optional.of(named(
                        options.release().compareTo(PostgresMajor.V16) < 0 ? "TABLE" : entry.description(),
                        entry,
                        options.quoting()));
            case "COLLATION",
                    "CONVERSION",
                    "DOMAIN",
                    "FOREIGN TABLE",
                    "STATISTICS",
                    "TABLE",
                    "TEXT SEARCH DICTIONARY",
                    "TEXT SEARCH CONFIGURATION",
                    "TYPE",
                    "DATABASE",
                    "PROCEDURAL LANGUAGE",
                    "SCHEMA",
                    "EVENT TRIGGER",
                    "FOREIGN DATA WRAPPER",
                    "SERVER",
                    "PUBLICATION",
                    "SUBSCRIPTION" -> Optional.of(named(entry.description(), entry, options.quoting()));
            case "BLOB" -> Optional.of("LARGE OBJECT " + entry.tag());
            case "AGGREGATE", "FUNCTION", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "PROCEDURE" ->
                Optional.of(fromDropStatement(entry.dropStatement().orElse("")));
            case "CAST",
                    "CHECK CONSTRAINT",
                    "CONSTRAINT",
                    "DATABASE PROPERTIES",
                    "DEFAULT",
                    "FK CONSTRAINT",
                    "INDEX",
                    "RULE",
                    "TRIGGER",
                    "ROW SECURITY",
                    "POLICY",
                    "USER MAPPING" -> Optional.empty();
            default ->
                throw new ArchiveException(
                        "don't know how to set owner for object type \"" + entry.description() + "\"");
        };
    }

    private static String named(String kind, TocEntry entry, NameQuoting quoting) {
        return kind + " " + quoting.qualified(entry.namespace(), entry.tag());
    }

    /** What follows DROP names arguments and the like too. */
    private static String fromDropStatement(String statement) {
        int end = statement.length();
        while (end > 5 && (statement.charAt(end - 1) == '\n' || statement.charAt(end - 1) == ';')) {
            end--;
        }
        return statement.substring(Math.min(5, end), end);
    }
}

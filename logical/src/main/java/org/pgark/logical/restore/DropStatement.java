package org.pgark.logical.restore;

import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.TocEntry;

/** Puts IF EXISTS into the command that drops an object. */
final class DropStatement {
    private static final String ALTER_TABLE = "ALTER TABLE";

    private DropStatement() {}

    static String withIfExists(TocEntry entry, ArchiveMessages messages) {
        String original = entry.dropStatement().orElse("");
        String statement = original;
        if (statement.startsWith("--")) {
            return statement;
        }
        if (entry.is("BLOB")) {
            return LargeObjectCommands.dropIfExists(entry.oid());
        }
        String begin = "";
        if (statement.startsWith(ALTER_TABLE)) {
            begin = "ALTER TABLE IF EXISTS";
            statement = statement.substring(ALTER_TABLE.length());
        }
        // DROP DEFAULT knows no IF EXISTS, and a view that stands in for its rule is not dropped at all.
        if (entry.is("DEFAULT") || entry.is("DATABASE PROPERTIES") || statement.startsWith("CREATE OR REPLACE VIEW")) {
            return begin + statement;
        }
        String drop = switch (entry.description()) {
            case "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT" -> "DROP CONSTRAINT";
            default -> "DROP " + entry.description();
        };
        int at = statement.indexOf(drop);
        if (at < 0) {
            messages.warning("could not find where to insert IF EXISTS in statement \"" + original + "\"");
            return begin + statement;
        }
        return begin + statement.substring(0, at) + drop + " IF EXISTS" + statement.substring(at + drop.length());
    }
}

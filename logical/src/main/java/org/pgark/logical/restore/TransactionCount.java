package org.pgark.logical.restore;

import java.io.IOException;
import org.pgark.logical.archive.TocEntry;

/** Ends a transaction after so many objects and begins the next, if {@code --transaction-size} asks for it. */
final class TransactionCount {
    private final RestoreTarget target;
    private final int limit;
    private int count;

    TransactionCount(RestoreTarget target, int limit) {
        this.target = target;
        this.limit = limit;
    }

    boolean isOn() {
        return limit > 0;
    }

    void reset() {
        count = 0;
    }

    /** One more object. */
    void count() throws IOException {
        if (isOn() && ++count >= limit) {
            next("COMMIT;\nBEGIN;\n\n");
        }
    }

    /** One more object dropped. */
    void countDrop() throws IOException {
        if (isOn() && ++count >= limit) {
            next("COMMIT;\nBEGIN;\n");
        }
    }

    private void next(String text) throws IOException {
        if (target.isServer()) {
            target.commit("");
            target.begin("");
        } else {
            target.sql(text);
        }
        count = 0;
    }

    /** A definition of several commands counts as several objects; those in functions' bodies do not. */
    void countCommands(TocEntry entry, String definition) {
        if (isOn() && !entry.is("FUNCTION") && !entry.is("PROCEDURE")) {
            int commands =
                    (int) definition.chars().filter(letter -> letter == ';').count();
            count += Math.max(0, commands - 1);
        }
    }
}

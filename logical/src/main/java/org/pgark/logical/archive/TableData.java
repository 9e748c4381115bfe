package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import org.pgark.postgres.wire.WireConnection;

/** The rows of one table. */
public non-sealed interface TableData extends EntryData {
    /**
     * Writes what the archive holds for them: COPY's text with its end ({@code \.} and two empty lines), or INSERT commands
     * and two empty lines. Called once, perhaps on the connection of a worker.
     */
    void write(WireConnection connection, OutputStream out) throws IOException;
}

package org.pgark.logical.archive;

import java.io.IOException;
import org.pgark.postgres.wire.WireConnection;

/** The contents of a group of large objects. */
public non-sealed interface LargeObjectData extends EntryData {
    /** Gives each object to the sink. Called once, perhaps on the connection of a worker. */
    void write(WireConnection connection, LargeObjectSink sink) throws IOException;
}

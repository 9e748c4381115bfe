package org.pgark.logical.archive;

import java.io.IOException;
import org.pgark.postgres.wire.WireConnection;

/** Opens the connections of a parallel dump's workers. */
@FunctionalInterface
public interface WorkerConnections {
    /** A connection that sees exactly what the dump's own one sees. Called on the thread that will use it. */
    WireConnection open() throws IOException;
}

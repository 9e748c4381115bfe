package org.pgark.logical.restore;

import java.io.IOException;
import java.util.Optional;
import org.pgark.postgres.wire.WireConnection;

/** Opens connections to the server that a restore goes to. May be called by several threads. */
@FunctionalInterface
public interface ServerConnections {
    /** A new connection, to another database than the usual one if one is named. */
    WireConnection open(Optional<String> database) throws IOException;
}

package org.pgark.logical.archive;

import java.io.IOException;
import org.pgark.postgres.wire.WireConnection;

/** A definition that is made when it is written, since all of them together would fill the memory: statistics. */
@FunctionalInterface
public interface DeferredDefinition {
    /** The SQL; called once for each output, in the order of the entries. */
    String text(WireConnection connection) throws IOException;
}

package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;

/** Takes large objects, one after the other. */
@FunctionalInterface
public interface LargeObjectSink {
    /** Takes the next one; closing the stream ends it. */
    OutputStream begin(long oid) throws IOException;
}

package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes one new object. Closing without {@link #commit()} leaves nothing under its name. Not for several threads. */
public interface ObjectWriter extends AutoCloseable {
    /** Appends all remaining bytes of {@code source}. */
    void write(ByteBuffer source) throws IOException;

    /**
     * Makes the object visible and durable, at once and whole.
     *
     * @throws ObjectExistsException if an object of this name exists already; it is left as it is,
     *     and is durable
     */
    void commit() throws IOException;

    /** Gives the object up unless it was committed. */
    @Override
    void close() throws IOException;
}

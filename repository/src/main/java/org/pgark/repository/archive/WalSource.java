package org.pgark.repository.archive;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** A WAL file on its way into the archive. */
public interface WalSource {
    /**
     * Opens it at its beginning; the archive closes the channel. Opened once, a {@code .partial} file twice; more often
     * where what is in the archive is damaged.
     */
    ReadableByteChannel open() throws IOException;

    /**
     * What is known about the file, in the caller's own encoding; the archive keeps it beside the content. Asked after
     * the last byte of the channel that was opened last was read, and only if the content is going to be stored. An
     * exception refuses the file: nothing is stored then.
     */
    byte[] facts() throws IOException;

    /**
     * What the records of the file change, in the caller's own encoding, which the archive keeps apart from the facts since
     * it may be long. Asked after {@link #facts}; empty if it is not known.
     */
    default Optional<byte[]> changes() throws IOException {
        return Optional.empty();
    }
}

package org.pgark.physical.backup;

import java.io.IOException;
import java.io.OutputStream;
import org.pgark.physical.failure.FailedException;

/** Compares files that were received with what their sender says of them. Not for several threads. */
interface ReceivedChecksums {
    /** Takes the bytes of the sender's manifest, if it sends one. */
    OutputStream out();

    /**
     * Notes what came of a file.
     *
     * @param path as it was sent, below the data directory
     * @param crc its CRC-32C
     */
    void received(String path, int crc);

    /**
     * Compares, everything having come.
     *
     * @throws FailedException if something differs
     */
    void verify() throws IOException, FailedException;
}

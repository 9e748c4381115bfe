package org.pgark.repository.frame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one object, wherever they are. */
interface ByteRanges {
    /**
     * Fills {@code target} from {@code offset} on.
     *
     * @throws EOFException if the object ends before
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /** Bytes in memory. */
    static ByteRanges of(byte[] bytes) {
        return (offset, target) -> {
            if (offset > bytes.length - target.remaining()) {
                throw new EOFException("the object ends after " + bytes.length + " bytes");
            }
            target.put(bytes, (int) offset, target.remaining());
        };
    }
}

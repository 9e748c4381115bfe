package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the bytes of one file come from. */
@FunctionalInterface
interface PageSource {
    /** Fills a buffer up to its limit with what stands from {@code position} on; false if the file ends before. */
    boolean fill(long position, ByteBuffer target) throws IOException;

    /** Whether a page may have another content when it is read again, because the server is writing it. */
    default boolean mayChange() {
        return true;
    }

    /** A file that is open. */
    static PageSource of(FileChannel channel) {
        return (position, target) -> WholeRead.fill(channel, position, target);
    }
}

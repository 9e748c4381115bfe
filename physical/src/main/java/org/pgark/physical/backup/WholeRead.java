package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reading from a place of a file until a buffer is full. */
final class WholeRead {
    private WholeRead() {}

    /** Fills the buffer up to its limit; false if the file ends before. */
    static boolean fill(FileChannel channel, long position, ByteBuffer target) throws IOException {
        long next = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, next);
            if (read < 0) {
                return false;
            }
            next += read;
        }
        return true;
    }
}

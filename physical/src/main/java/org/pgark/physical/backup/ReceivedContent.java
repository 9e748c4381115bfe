package org.pgark.physical.backup;

import java.io.IOException;

/** Takes the bytes of one file that is being received. */
interface ReceivedContent {
    /** Some of the bytes, which the caller may overwrite afterwards. */
    void content(byte[] source, int offset, int length) throws IOException;

    /** The file is over. */
    void end() throws IOException;
}

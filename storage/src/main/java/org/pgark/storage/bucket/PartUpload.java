package org.pgark.storage.bucket;

import java.io.IOException;

/** An object that is sent in parts, in any order and from several threads; nothing is visible before it is completed. */
public interface PartUpload {
    /** Sends a part, the first of which has the number 1. */
    void send(int number, PartBytes content) throws IOException;

    /**
     * Makes an object of the parts sent, if its key is free.
     *
     * @param parts how many there are
     * @return whether it was created; false if the key is taken by another object
     */
    boolean complete(int parts) throws IOException;

    /** Gives the parts up. */
    void abort() throws IOException;
}

package org.pgark.physical.receive;

import java.io.IOException;

/** Where received WAL goes. Not for several threads. */
public interface WalPlace extends AutoCloseable {
    /** Whether a file of this name, as it is when complete, is there already. */
    boolean has(String name) throws IOException;

    /**
     * Opens a segment for writing from its start; what was there of it is written over.
     *
     * @param name the segment's name
     */
    WalFile openSegment(String name) throws IOException;

    /** Puts a small file there as a whole, durably. */
    void put(String name, byte[] content) throws IOException;

    /** Marks a complete file as archived, for the server that will be started from this. */
    void markDone(String name) throws IOException;

    /** Ends the place well. */
    void finish() throws IOException;

    /** Lets go of everything; what was not finished stays as it is. */
    @Override
    void close() throws IOException;

    /** A file that is being written. */
    interface WalFile {
        /** The name that messages show, for example {@code 000000010000000000000003.partial}. */
        String shownName();

        /** How many bytes were written. */
        int position();

        void write(byte[] source, int offset, int length) throws IOException;

        /** Makes durable what was written. */
        void sync() throws IOException;

        /**
         * Ends the file.
         *
         * @param complete whether it has all its bytes and takes its final name
         */
        void close(boolean complete) throws IOException;
    }
}

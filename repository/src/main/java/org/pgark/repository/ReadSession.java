package org.pgark.repository;

import java.io.IOException;

/** Keeps a backup readable, even if it is deleted, until it is closed. */
public final class ReadSession implements AutoCloseable {
    private final End end;

    /** Says in the repository that it is over. */
    interface End {
        void session() throws IOException;
    }

    ReadSession(End end) {
        this.end = end;
    }

    @Override
    public void close() throws IOException {
        end.session();
    }
}

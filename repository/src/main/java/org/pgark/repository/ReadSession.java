package org.pgark.repository;

import java.io.IOException;

/** Keeps a backup readable, even if it is deleted, until it is closed. */
public final class ReadSession implements AutoCloseable {
    private final ClusterLog log;
    private final String id;

    ReadSession(ClusterLog log, String id) {
        this.log = log;
        this.id = id;
    }

    @Override
    public void close() throws IOException {
        log.end(id);
    }
}

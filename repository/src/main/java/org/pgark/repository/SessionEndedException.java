package org.pgark.repository;

import java.io.IOException;

/** A backup cannot be committed since packs that it needs may be gone; another one can be taken at once. */
public final class SessionEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    SessionEndedException(String message) {
        super(message);
    }
}

package org.pgark.repository;

import java.io.IOException;

/** There is no repository in a place, or it is another one than expected. */
public final class NoRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with which place. */
    NoRepositoryException(String message) {
        super(message);
    }
}

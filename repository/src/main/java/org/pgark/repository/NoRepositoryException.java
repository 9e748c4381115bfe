package org.pgark.repository;

import java.io.IOException;

/** There is no repository in a place, or it is another one than expected. */
public final class NoRepositoryException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean other;

    /** Says what is wrong with which place. */
    NoRepositoryException(String message) {
        this(message, false);
    }

    /** Says whether another repository is there. */
    NoRepositoryException(String message, boolean other) {
        super(message);
        this.other = other;
    }

    /** Whether there is another one than expected. */
    public boolean isOther() {
        return other;
    }
}

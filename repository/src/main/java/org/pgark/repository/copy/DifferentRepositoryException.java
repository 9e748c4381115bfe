package org.pgark.repository.copy;

import java.io.IOException;

/** The place to copy to holds what no copy of this repository would hold. */
public final class DifferentRepositoryException extends IOException {
    private static final long serialVersionUID = 1;

    DifferentRepositoryException(String message) {
        super(message);
    }
}

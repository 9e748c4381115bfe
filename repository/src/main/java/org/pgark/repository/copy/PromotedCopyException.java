package org.pgark.repository.copy;

import java.io.IOException;

/** The place to copy to was a copy and has become a repository that a server writes to. */
public final class PromotedCopyException extends IOException {
    private static final long serialVersionUID = 1;

    PromotedCopyException(String message) {
        super(message);
    }
}

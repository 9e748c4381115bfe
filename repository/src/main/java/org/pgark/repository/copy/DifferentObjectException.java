package org.pgark.repository.copy;

import java.io.IOException;

/** An object of a copy cannot be that of its original. */
public final class DifferentObjectException extends IOException {
    private static final long serialVersionUID = 1;

    DifferentObjectException(String message) {
        super(message);
    }
}

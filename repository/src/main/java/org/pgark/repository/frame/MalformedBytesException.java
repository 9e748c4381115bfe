package org.pgark.repository.frame;

import java.io.IOException;

/** Bytes are not of the form that they should have; whoever knows the object they came from says which it is. */
public final class MalformedBytesException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, for example {@code a text of 70000 bytes does not fit}. */
    public MalformedBytesException(String message) {
        super(message);
    }
}

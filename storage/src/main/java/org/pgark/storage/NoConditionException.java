package org.pgark.storage;

import java.io.IOException;

/** A store turned down a request because it cannot create an object on the condition that its name is free. */
public final class NoConditionException extends IOException {
    private static final long serialVersionUID = 1;

    /** The message says what the store answered. */
    public NoConditionException(String message, Throwable cause) {
        super(message, cause);
    }
}

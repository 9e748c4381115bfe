package org.pgark.physical.failure;

import java.util.Optional;

/**
 * An operation did not do what was asked.
 *
 * <p>The message begins in lower case, has no full stop, names the thing and quotes the value; the hint is a sentence.
 */
public abstract sealed class OperationException extends Exception
        permits FailedException, RefusedException, BusyException {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String hint;

    OperationException(String code, String message, String hint, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    OperationException(String code, String message, String hint) {
        super(message);
        this.code = code;
        this.hint = hint;
    }

    /** A short stable word in snake case that scripts can compare. */
    public final String code() {
        return code;
    }

    /** What the user can do about it. */
    public final Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }
}

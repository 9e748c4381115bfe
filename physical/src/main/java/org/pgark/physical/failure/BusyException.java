package org.pgark.physical.failure;

/** Somebody else is at the same work (exit code 5). */
public final class BusyException extends OperationException {
    private static final long serialVersionUID = 1L;

    /** The hint may be empty. */
    public BusyException(String code, String message, String hint) {
        super(code, message, hint);
    }

    /** The hint may be empty. */
    public BusyException(String code, String message, String hint, Throwable cause) {
        super(code, message, hint, cause);
    }
}

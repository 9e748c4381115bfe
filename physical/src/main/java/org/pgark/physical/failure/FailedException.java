package org.pgark.physical.failure;

/** The operation was tried and failed (exit code 1). */
public final class FailedException extends OperationException {
    private static final long serialVersionUID = 1L;

    /** The hint may be empty. */
    public FailedException(String code, String message, String hint) {
        super(code, message, hint);
    }

    /** The hint may be empty. */
    public FailedException(String code, String message, String hint, Throwable cause) {
        super(code, message, hint, cause);
    }
}

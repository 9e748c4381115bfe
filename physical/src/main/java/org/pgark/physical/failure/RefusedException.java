package org.pgark.physical.failure;

/** The operation would have done harm or cannot be done, and was not begun (exit code 4). */
public final class RefusedException extends OperationException {
    private static final long serialVersionUID = 1L;

    /** The hint may be empty. */
    public RefusedException(String code, String message, String hint) {
        super(code, message, hint);
    }

    /** The hint may be empty. */
    public RefusedException(String code, String message, String hint, Throwable cause) {
        super(code, message, hint, cause);
    }
}

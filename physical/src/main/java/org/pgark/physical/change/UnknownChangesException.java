package org.pgark.physical.change;

/** It cannot be said what changed; the message says why. */
public final class UnknownChangesException extends Exception {
    private static final long serialVersionUID = 1;

    /** Says why, in words that follow "because". */
    public UnknownChangesException(String reason) {
        super(reason);
    }
}

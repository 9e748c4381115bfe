package org.pgark.repository.key;

import java.io.IOException;

/** The keys of a repository cannot be had, or are not those that they should be. Nothing was written. */
public final class KeyException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String hint;

    /**
     * Says what is wrong; never tells a secret.
     *
     * @param code a stable word for programs, for example {@code wrong_key}
     * @param hint what can be done about it; empty if nothing is to be said
     */
    public KeyException(String code, String message, String hint) {
        super(message);
        this.code = code;
        this.hint = hint;
    }

    /** Like {@link #KeyException(String, String, String)}, with what it comes from. */
    public KeyException(String code, String message, String hint, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    /** A stable word for programs. */
    public String code() {
        return code;
    }

    /** What can be done about it, for people. */
    public String hint() {
        return hint;
    }
}

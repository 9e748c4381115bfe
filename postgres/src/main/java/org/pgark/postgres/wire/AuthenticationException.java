package org.pgark.postgres.wire;

import java.io.IOException;

/** The client cannot or will not prove itself in the way that the server asks for. */
final class AuthenticationException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean passwordMissing;

    AuthenticationException(String message) {
        this(message, false);
    }

    private AuthenticationException(String message, boolean passwordMissing) {
        super(message);
        this.passwordMissing = passwordMissing;
    }

    static AuthenticationException passwordMissing() {
        return new AuthenticationException("fe_sendauth: no password supplied", true);
    }

    boolean isPasswordMissing() {
        return passwordMissing;
    }
}

package org.pgark.embedded;

import java.io.IOException;

/** A server program did not do what it was asked for; the message ends with what it wrote last. */
public final class ServerException extends IOException {
    public ServerException(String message) {
        super(message);
    }

    ServerException(String message, String output) {
        super(output.isBlank() ? message : message + "\n" + output.strip());
    }
}

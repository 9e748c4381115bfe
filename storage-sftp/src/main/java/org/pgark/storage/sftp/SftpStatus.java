package org.pgark.storage.sftp;

import java.io.IOException;

/** The server answered that it did not do what was asked. */
final class SftpStatus extends IOException {
    static final int OK = 0;
    static final int END_OF_FILE = 1;
    static final int NO_SUCH_FILE = 2;
    static final int PERMISSION_DENIED = 3;
    static final int FAILURE = 4;
    static final int BAD_MESSAGE = 5;
    static final int UNSUPPORTED = 8;

    private static final long serialVersionUID = 1;

    private final int code;

    /**
     * Says what the server said.
     *
     * @param code the protocol's number for it
     */
    SftpStatus(int code, String message) {
        super((message.isBlank() ? "the server refused" : message) + " (status " + code + ")");
        this.code = code;
    }

    int code() {
        return code;
    }
}

package org.pgark.storage.sftp;

import java.io.IOException;

/** The connection broke, or the server fell silent: what was asked may have been done or not, and can be asked again. */
final class SftpConnectionLost extends IOException {
    private static final long serialVersionUID = 1;

    SftpConnectionLost(String message) {
        super(message);
    }

    SftpConnectionLost(String message, Throwable cause) {
        super(message, cause);
    }
}

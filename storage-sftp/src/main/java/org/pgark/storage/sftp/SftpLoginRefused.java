package org.pgark.storage.sftp;

import java.io.IOException;

/** The server does not let the user in. */
final class SftpLoginRefused extends IOException {
    private static final long serialVersionUID = 1L;

    SftpLoginRefused(String message, Throwable cause) {
        super(message, cause);
    }
}

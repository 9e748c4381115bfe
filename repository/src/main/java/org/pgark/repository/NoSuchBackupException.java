package org.pgark.repository;

import java.io.IOException;

/** The log has no such backup, or not any more. */
public final class NoSuchBackupException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSuchBackupException(String id) {
        super("backup \"" + id + "\" does not exist");
    }
}

package org.pgark.postgres.manifest;

import java.io.IOException;

/** A backup_manifest that is none, or damaged; the message is PostgreSQL's. */
public final class ManifestException extends IOException {
    private static final long serialVersionUID = 1;

    /** With PostgreSQL's message. */
    public ManifestException(String message) {
        super(message);
    }

    static ManifestException unreadable(String why) {
        return new ManifestException("could not parse backup manifest: " + why);
    }
}

package org.pgark.postgres;

import java.io.IOException;

/** A file of PostgreSQL's does not hold what a file of its kind must hold. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final String file;

    /**
     * Makes the message {@code damaged file "<file>": <reason>}.
     *
     * @param file its path or name
     * @param reason what is wrong with it
     */
    public DamagedFileException(String file, String reason) {
        super("damaged file \"" + file + "\": " + reason);
        this.file = file;
    }

    /** The file's path or name. */
    public String file() {
        return file;
    }
}

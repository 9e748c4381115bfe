package org.pgark.repository.writer;

import java.io.IOException;

/** Somebody else writes to a repository that can only have one writer. */
public final class OtherWriterException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherWriterException(String message) {
        super(message);
    }

    /** What can be done about it, for people. */
    public String hint() {
        return "Stop the other writer for good, then run \"pgark init --take-over\" here.";
    }
}

package org.pgark.cli.upstream;

/** Words on the command line that no option table knows what to do with; the message is GNU's. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}

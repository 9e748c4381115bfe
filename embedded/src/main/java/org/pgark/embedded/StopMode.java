package org.pgark.embedded;

/** How a server is asked to stop, in PostgreSQL's words. */
public enum StopMode {
    /** Ends the sessions, writes a shutdown checkpoint. */
    FAST("INT"),
    /** Ends at once without a checkpoint: the next start recovers from a crash. */
    IMMEDIATE("QUIT");

    private final String signal;

    StopMode(String signal) {
        this.signal = signal;
    }

    String signal() {
        return signal;
    }
}

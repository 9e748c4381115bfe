package org.pgark.postgres.control;

/** What a server last wrote of its own state, in the order of {@code DBState} of catalog/pg_control.h. */
public enum ClusterState {
    STARTING_UP("starting up"),
    SHUT_DOWN("shut down"),
    SHUT_DOWN_IN_RECOVERY("shut down in recovery"),
    SHUTTING_DOWN("shutting down"),
    IN_CRASH_RECOVERY("in crash recovery"),
    IN_ARCHIVE_RECOVERY("in archive recovery"),
    IN_PRODUCTION("in production");

    private final String description;

    ClusterState(String description) {
        this.description = description;
    }

    /** The words that pg_controldata uses. */
    public String description() {
        return description;
    }
}

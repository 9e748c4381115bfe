package org.pgark.physical.restore;

import java.util.Locale;

/** What the server does when it has reached the recovery target ({@code recovery_target_action}). */
public enum TargetAction {
    /** Stays in recovery and answers read-only queries; where hot_standby is off it shuts down. */
    PAUSE,
    /** Ends recovery on a new timeline and takes writes. */
    PROMOTE,
    /** Shuts down; recovery.signal stays. */
    SHUTDOWN;

    /** The word that PostgreSQL knows it by. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.pgark.repository.care;

import java.time.Instant;
import java.util.Objects;

/**
 * That a server which was restored from a backup may still fetch WAL for its recovery.
 *
 * @param until how long that is taken for granted
 * @param place where it was restored to, for whoever wonders why the backup stays
 */
public record Replay(Instant until, String place) {
    public Replay {
        Objects.requireNonNull(until, "until is null");
        Objects.requireNonNull(place, "place is null");
    }

    /** The one of two of the same backup that ends later. */
    Replay or(Replay other) {
        return other.until.isAfter(until) ? other : this;
    }

    /** In words. */
    public String describe() {
        return "restored to " + place + ", recovery may need its WAL until " + until;
    }
}

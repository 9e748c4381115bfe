package org.pgark.repository.care;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * That somebody wants a backup to be kept.
 *
 * @param until how long; empty for ever
 * @param reason why, in the user's words; may be empty
 * @param archival whether it stands for itself: just the WAL that makes it consistent is kept with it, and no policy
 *     counts it
 */
public record Hold(Optional<Instant> until, String reason, boolean archival) {
    public Hold {
        Objects.requireNonNull(reason, "reason is null");
    }

    /** Whether it counts at that time. */
    public boolean holdsAt(Instant now) {
        return until.isEmpty() || until.get().isAfter(now);
    }
}

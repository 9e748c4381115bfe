package org.pgark.storage.bucket;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A key cannot be deleted yet. */
public final class LockedKeyException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Instant> until;

    /**
     * Says until when.
     *
     * @param until when it can be deleted; empty if the service does not say
     */
    public LockedKeyException(Optional<Instant> until) {
        super("the object is locked" + until.map(end -> " until " + end).orElse(""));
        this.until = until;
    }

    Optional<Instant> until() {
        return until;
    }
}

package org.pgark.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** An object cannot be removed yet. */
public final class LockedObjectException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Instant> until;

    /**
     * Says which object it is.
     *
     * @param until when it can be removed; empty if the place does not say
     */
    public LockedObjectException(ObjectName name, String place, Optional<Instant> until) {
        super("object \"" + name + "\" in " + place + " is locked"
                + until.map(end -> " until " + end).orElse("") + ", and cannot be deleted before");
        this.until = until;
    }

    /** When it can be removed; empty if the place does not say. */
    public Optional<Instant> until() {
        return until;
    }
}

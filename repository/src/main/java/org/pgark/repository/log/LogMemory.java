package org.pgark.repository.log;

import java.util.Optional;

/**
 * What a client remembers of a log from one process to the next, so that it notices when the log was rolled back. It is
 * a safeguard beside the repository: what cannot be kept or read back is forgotten, and nothing fails for it. For
 * several threads and processes.
 */
public interface LogMemory {
    /** Remembers nothing. */
    LogMemory NONE = new LogMemory() {
        @Override
        public Optional<SeenEntry> recall() {
            return Optional.empty();
        }

        @Override
        public void remember(SeenEntry entry) {}

        @Override
        public String place() {
            return "nowhere";
        }
    };

    /** The last entry that was seen; empty if none is remembered. */
    Optional<SeenEntry> recall();

    /** Remembers an entry, unless a later one is remembered already. */
    void remember(SeenEntry entry);

    /** Where it is kept, for messages; what is there no longer is forgotten. */
    String place();
}

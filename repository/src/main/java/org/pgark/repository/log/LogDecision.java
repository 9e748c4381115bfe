package org.pgark.repository.log;

import java.io.IOException;
import java.util.Optional;

/**
 * Looks at a log's state and decides what to add to it. Asked again, with the new state, when another writer was faster.
 *
 * @param <S> what a log amounts to
 */
@FunctionalInterface
public interface LogDecision<S> {
    /** The entry to write; none if nothing has to be written. */
    Optional<NewEntry> decide(S state) throws IOException;
}

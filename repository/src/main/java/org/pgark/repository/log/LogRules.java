package org.pgark.repository.log;

import java.io.IOException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import tools.jackson.core.JsonGenerator;

/**
 * What the entries of a log mean.
 *
 * @param <S> what a log amounts to; values are never changed
 */
public interface LogRules<S> {
    /** The state before the first entry. */
    S initial();

    /**
     * The state after an entry.
     *
     * @throws org.pgark.repository.frame.NewerFormatException if the kind of the entry is not known
     * @throws MalformedBytesException if the entry does not say what its kind needs
     */
    S apply(S state, LogEntry entry) throws IOException;

    /** Writes the properties of an object that {@link #read} understands. */
    void write(S state, JsonGenerator target);

    /** Reads a state. */
    S read(JsonObject state) throws MalformedBytesException;
}

package org.pgark.repository.seal;

import java.io.IOException;
import java.util.Optional;

/** The data keys of a repository that is open. For several threads. */
public interface DataKeys {
    /** The key for new objects. */
    DataKey current() throws IOException;

    /**
     * The key of this number; empty if the repository has none, even after it was looked for anew.
     *
     * @throws IOException also if it may have one that is not known here
     */
    Optional<DataKey> find(int number) throws IOException;
}

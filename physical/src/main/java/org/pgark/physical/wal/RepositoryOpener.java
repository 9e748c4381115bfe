package org.pgark.physical.wal;

import java.io.IOException;
import org.pgark.repository.Repository;

/** Opens the repository that a cluster is kept in. Called again and again, from several threads. */
@FunctionalInterface
public interface RepositoryOpener {
    /** Opens it anew. The caller closes it. */
    Repository open() throws IOException;
}

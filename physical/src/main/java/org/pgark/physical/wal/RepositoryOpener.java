package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.repository.Repository;

/** Opens the repository that a cluster is kept in. Called again and again, from several threads. */
@FunctionalInterface
public interface RepositoryOpener {
    /** Opens it anew. The caller closes it. */
    Repository open() throws IOException;

    /** The configuration file that says which repository it is; empty where none does. */
    default Optional<Path> configuration() {
        return Optional.empty();
    }

    /** Where a receiver of WAL on this host keeps what the repository does not have yet; empty where there is none. */
    default Optional<Path> receiverDirectory() {
        return Optional.empty();
    }

    /** The same beside such a directory. */
    default RepositoryOpener besideReceiver(Optional<Path> directory) {
        RepositoryOpener opener = this;
        return new RepositoryOpener() {
            @Override
            public Repository open() throws IOException {
                return opener.open();
            }

            @Override
            public Optional<Path> configuration() {
                return opener.configuration();
            }

            @Override
            public Optional<Path> receiverDirectory() {
                return directory;
            }
        };
    }
}

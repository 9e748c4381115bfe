package org.pgark.physical.wal;

import java.nio.file.Path;
import org.pgark.physical.failure.OperationException;
import org.pgark.repository.archive.PutSteps;

/** Archives files of a data directory. For several threads. */
public interface WalPushing {
    /**
     * Archives one file. When this returns, it is durable as far as is required.
     *
     * @param steps is told how far it is
     */
    PushedFile push(Path dataDirectory, Path file, PutSteps steps) throws OperationException;

    /** Likewise, watched by nobody. */
    default PushedFile push(Path dataDirectory, Path file) throws OperationException {
        return push(dataDirectory, file, PutSteps.UNWATCHED);
    }

    /**
     * Whether a verdict says that a file of a data directory, as it is now, is archived as far as is required now.
     *
     * @throws OperationException if that cannot be found out
     */
    boolean covers(Verdict verdict, Path dataDirectory, Path file) throws OperationException;
}

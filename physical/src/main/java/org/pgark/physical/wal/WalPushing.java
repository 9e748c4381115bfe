package org.pgark.physical.wal;

import java.nio.file.Path;
import org.pgark.physical.failure.OperationException;

/** Archives files of a data directory. For several threads. */
public interface WalPushing {
    /** Archives one file. When this returns, it is durable as far as is required. */
    PushedFile push(Path dataDirectory, Path file) throws OperationException;

    /**
     * Whether a verdict says that a file of a data directory, as it is now, is archived as far as is required now.
     *
     * @throws OperationException if that cannot be found out
     */
    boolean covers(Verdict verdict, Path dataDirectory, Path file) throws OperationException;
}

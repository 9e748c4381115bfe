package org.pgark.physical.restore;

import java.io.IOException;
import java.util.Objects;
import org.pgark.physical.failure.OperationException;
import org.pgark.repository.ClusterRepository;

/**
 * Another repository that may have what the one lacks that is restored from.
 *
 * @param name by which it is told
 * @param opening opens it when it is needed
 */
public record FurtherSource(String name, Opening opening) {
    public FurtherSource {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(opening, "opening is null");
    }

    /** Opens it. */
    @FunctionalInterface
    public interface Opening {
        /** What it keeps of the cluster. */
        ClusterRepository open() throws IOException, OperationException;
    }
}

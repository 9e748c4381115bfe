package org.pgark.repository;

import java.time.Instant;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * A cluster as it was initialised once: a cluster of the same name with another system identifier is another one, with
 * backups and WAL of its own.
 *
 * @param id names it in the repository
 * @param name the cluster's name in the configuration
 * @param systemIdentifier what initdb drew
 * @param major the server's major version
 * @param segmentSize the size of its WAL segments
 * @param registered when it was registered
 */
public record Incarnation(
        ClusterId id,
        String name,
        SystemIdentifier systemIdentifier,
        PostgresMajor major,
        WalSegmentSize segmentSize,
        Instant registered) {
    public Incarnation {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("invalid cluster name \"" + name
                    + "\", must be lower-case letters, digits and underscores, beginning with a letter");
        }
    }
}

package org.pgark.physical.wal;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;

/** Fetches files of the archive, or of several. For several threads. */
public interface WalFetching {
    /**
     * Fetches a file of the incarnation with this system identifier. The target appears only when it is whole; what was
     * there is replaced. It is not synchronised. A segment that is not archived yet is made of what a receiver of WAL has
     * saved of it, with zeros behind.
     *
     * @return what was fetched, or empty if it is proven that it is in no archive
     * @throws OperationException if that is not so, and also if the archive has the segment that comes after it, and not all
     *     of this one
     */
    Optional<FetchedWal> fetch(SystemIdentifier system, WalFileName name, Path target) throws OperationException;

    /** Likewise; returns just its size. */
    default OptionalLong get(SystemIdentifier system, WalFileName name, Path target) throws OperationException {
        Optional<FetchedWal> fetched = fetch(system, name, target);
        return fetched.isPresent() ? OptionalLong.of(fetched.get().size()) : OptionalLong.empty();
    }

    /**
     * Likewise, but only what is archived whole. A segment that a receiver is still saving grows, so that it must not be
     * fetched before it is asked for.
     */
    OptionalLong getArchived(SystemIdentifier system, WalFileName name, Path target) throws OperationException;

    /** Likewise, of the incarnation that was registered last. */
    OptionalLong getOfNewest(WalFileName name, Path target) throws OperationException;
}

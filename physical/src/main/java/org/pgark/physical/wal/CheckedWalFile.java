package org.pgark.physical.wal;

import java.nio.file.Path;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.PreparedWal;

/**
 * A file of a data directory that was read, checked and compressed, and can be archived in several places.
 *
 * @param name its name
 * @param file where it was read
 * @param system the cluster's system identifier
 * @param identity the file's state while it was read
 * @param content what the archives will hold
 */
public record CheckedWalFile(
        WalFileName name, Path file, SystemIdentifier system, FileIdentity identity, PreparedWal content) {}

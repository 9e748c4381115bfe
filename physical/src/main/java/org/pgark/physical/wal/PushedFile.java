package org.pgark.physical.wal;

import java.nio.file.Path;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.PutResult;

/**
 * A file that is durable in the archive.
 *
 * @param name its name
 * @param file where it was read
 * @param result whether it was stored or there already
 * @param system the cluster's system identifier
 * @param identity the file's state while it was read
 * @param place where the archive is
 */
public record PushedFile(
        WalFileName name,
        Path file,
        PutResult result,
        SystemIdentifier system,
        FileIdentity identity,
        ArchivePlace place) {}

package org.pgark.physical.storedbackup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be verified, and how.
 *
 * @param directory the backup, as it was named
 * @param manifest the manifest's path
 * @param walDirectory where the WAL lies; empty to leave it alone
 * @param ignored paths below the data directory that are of no account
 * @param skipsChecksums whether files are only looked for and not read
 * @param stopsAtFirst whether the first error is the last
 */
public record VerificationRequest(
        Path directory,
        Path manifest,
        Optional<Path> walDirectory,
        List<String> ignored,
        boolean skipsChecksums,
        boolean stopsAtFirst) {
    /** What no manifest has, since it is made or changed afterwards. */
    public static final List<String> NOT_IN_MANIFESTS =
            List.of("backup_manifest", "pg_wal", "postgresql.auto.conf", "recovery.signal", "standby.signal");

    public VerificationRequest {
        ignored = List.copyOf(ignored);
    }
}

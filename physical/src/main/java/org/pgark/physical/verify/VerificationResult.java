package org.pgark.physical.verify;

import java.util.List;
import org.pgark.repository.BackupId;

/**
 * What verification found of one backup.
 *
 * @param backup the backup
 * @param files how many files were read
 * @param bytes how many bytes they have
 * @param damages what is damaged; empty if everything is as it was written
 * @param knownDamagedPages pages that were damaged in the cluster already when the backup was taken
 */
public record VerificationResult(
        BackupId backup, long files, long bytes, List<Damage> damages, long knownDamagedPages) {
    public VerificationResult {
        damages = List.copyOf(damages);
    }

    /** Whether everything is as it was written, and was sound when it was. */
    public boolean sound() {
        return damages.isEmpty() && knownDamagedPages == 0;
    }
}

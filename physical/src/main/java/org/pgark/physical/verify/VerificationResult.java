package org.pgark.physical.verify;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.BackupId;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;

/**
 * What verification found of one backup.
 *
 * @param backup the backup
 * @param files how many files were read
 * @param bytes how many bytes they have
 * @param damages what is damaged; empty if everything is as it was written
 * @param knownDamagedPages pages that were damaged in the cluster already when the backup was taken
 * @param damagedFrames the frames that could not be read
 * @param wal what was found in its WAL segments
 */
public record VerificationResult(
        BackupId backup,
        long files,
        long bytes,
        List<Damage> damages,
        long knownDamagedPages,
        DamagedFrames damagedFrames,
        CheckReport.Wal wal) {
    public VerificationResult {
        damages = List.copyOf(damages);
    }

    /** What the log is to remember. Pages that were damaged before the backup are no fault of it. */
    public CheckReport report() {
        return new CheckReport(
                Map.of(
                        backup.value(),
                        damages.isEmpty() ? "" : damages.getFirst().reason()),
                Optional.empty(),
                0,
                damagedFrames,
                List.of(),
                wal);
    }

    /** Whether everything is as it was written, and was sound when it was. */
    public boolean sound() {
        return damages.isEmpty() && knownDamagedPages == 0;
    }
}

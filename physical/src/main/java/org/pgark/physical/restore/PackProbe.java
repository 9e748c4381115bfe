package org.pgark.physical.restore;

import java.io.IOException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.storage.NoSuchObjectException;

/**
 * Makes sure, before anything is removed for it, that a backup can be had.
 *
 * <p>The lengths of its packs are asked for, which finds what was lost or cut off. Damage inside a pack only shows when
 * all of it is read, as {@code pgark verify} does; to read a part of each would cost much and prove nothing.
 */
final class PackProbe {
    private PackProbe() {}

    /**
     * Probes all packs of a backup.
     *
     * @throws RefusedException if one is missing
     * @throws org.pgark.repository.frame.DamagedObjectException if one has another length than was written
     */
    static void probe(ClusterRepository source, BackupRecord backup) throws IOException, RefusedException {
        try {
            source.checkPacks(backup.id());
        } catch (NoSuchObjectException e) {
            throw missing(backup, e);
        }
    }

    /** Says that an object that a backup needs is not there. */
    static RefusedException missing(BackupRecord backup, NoSuchObjectException cause) {
        return new RefusedException(
                "missing_object",
                "backup \"" + backup.id() + "\" cannot be read: " + cause.getMessage(),
                "Bring the object back, or restore another backup.",
                cause);
    }
}

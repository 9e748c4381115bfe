package org.pgark.repository.care;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.ObjectId;

/**
 * What a verification has to tell the log.
 *
 * @param findings of each backup that was read whole the first damage, or an empty text; of others only damage
 * @param arc the arc of all objects that was read
 * @param asOf the number of the log's last entry when reading began
 * @param damaged frames that could not be read
 * @param mended packs that the log calls damaged and that were read without a fault
 * @param wal what was found in WAL segments
 */
public record CheckReport(
        Map<String, String> findings,
        Optional<Arc> arc,
        long asOf,
        DamagedFrames damaged,
        List<ObjectId> mended,
        Wal wal) {
    /**
     * What was found in WAL segments.
     *
     * @param depth how they were read
     * @param damaged those that are damaged
     * @param sound those that the log calls damaged and that were read without a fault, or are gone
     */
    public record Wal(Depth depth, DamagedWal damaged, List<WalSegmentName> sound) {
        /** Nothing. */
        public static final Wal NONE = new Wal(Depth.OBJECT, DamagedWal.NONE, List.of());

        public Wal {
            sound = List.copyOf(sound);
        }
    }

    public CheckReport {
        findings = Map.copyOf(findings);
        mended = List.copyOf(mended);
    }

    /** Of backups, without their WAL. */
    public static CheckReport ofBackups(Map<String, String> findings, DamagedFrames damaged, List<ObjectId> mended) {
        return new CheckReport(findings, Optional.empty(), 0, damaged, mended, Wal.NONE);
    }

    /** Of nothing but WAL. */
    public static CheckReport ofWal(Wal wal) {
        return new CheckReport(Map.of(), Optional.empty(), 0, DamagedFrames.NONE, List.of(), wal);
    }
}

package org.pgark.physical.restore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.recovery.RecoveryPlan;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;

/**
 * What a restore will do, checked and not begun.
 *
 * @param request what was asked for
 * @param source what the backup is read from
 * @param backup the backup
 * @param recovery how the server will recover from it
 * @param archived how many segments the archive has of those that recovery will read
 * @param destination where its files go
 * @param files how many files will be there
 * @param bytes their size
 * @param space what is needed and free, one for each file system
 * @param savedWal WAL that only the directory that is written over has, and where it is saved before
 * @param overwritten what is there already and goes, one line each; empty if nothing is there
 * @param neutralised what the original has that the copy does not get, one line each
 * @param warnings what may not be as the user wants it, one line each
 */
public record RestorePlan(
        RestoreRequest request,
        ClusterRepository source,
        BackupRecord backup,
        RecoveryPlan recovery,
        int archived,
        Destination destination,
        long files,
        long bytes,
        List<Space> space,
        Optional<SavedWal> savedWal,
        List<String> overwritten,
        List<String> neutralised,
        List<String> warnings) {
    public RestorePlan {
        space = List.copyOf(space);
        overwritten = List.copyOf(overwritten);
        neutralised = List.copyOf(neutralised);
        warnings = List.copyOf(warnings);
    }

    /**
     * The room on one file system.
     *
     * @param place a directory on it
     * @param needed the size of what will be written there in bytes
     * @param free what this process may still fill
     * @param reclaimed the size of what is there now and is removed or overwritten
     */
    public record Space(Path place, long needed, long free, long reclaimed) {
        /** Whether it fits. */
        public boolean suffices() {
            return needed <= free + reclaimed;
        }
    }

    /** The plan for people, as pairs of a word or two and what there is to say about it, in order of reading. */
    public List<Map.Entry<String, String>> describe() {
        return PlanText.of(this);
    }
}

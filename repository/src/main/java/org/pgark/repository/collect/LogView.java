package org.pgark.repository.collect;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.repository.frame.ObjectId;

/**
 * What a log said at one moment, as far as collecting depends on it.
 *
 * @param lastMark names the newest mark; empty if there is none
 * @param needed the backups whose frames are needed
 * @param deleted the ids of backups that are deleted and not needed, of which packs may be left
 * @param listed the packs that those and the needed ones list, with their sizes, as marks have changed it
 * @param marked the packs that are marked and not yet deleted
 * @param unlisted what may happen to packs that no backup lists
 */
public record LogView(
        String lastMark,
        List<NeededBackup> needed,
        List<String> deleted,
        Map<ObjectId, Long> listed,
        Set<ObjectId> marked,
        Unlisted unlisted) {
    public LogView {
        needed = List.copyOf(needed);
        deleted = List.copyOf(deleted);
        listed = Map.copyOf(listed);
        marked = Set.copyOf(marked);
    }

    /** What may happen to packs that no backup lists. */
    public enum Unlisted {
        /** Nobody needs them. */
        DEAD,
        /** A backup is being taken, which may be of these packs. */
        KEPT_FOR_RUNNING_BACKUP,
        /** A backup was interrupted not long ago, which the next one resumes. */
        KEPT_FOR_RESUMING
    }
}

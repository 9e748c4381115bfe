package org.pgark.repository;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackSummary;

/**
 * A backup that is being taken, from before its first pack is written until it is committed or given up. While it lasts,
 * what the pinned backups need stays readable, even if they are deleted, and packs that no backup lists are left alone.
 *
 * <p>The new backup may refer to frames of packs that were written during the session, of {@link #leftovers}, and to those
 * frames that a pinned backup's manifest refers to; to other frames of those packs it may not, since they may go.
 */
public final class BackupSession implements AutoCloseable {
    private final ClusterLog log;
    private final String id;
    private final Set<ObjectId> offered = new HashSet<>();
    private boolean open = true;

    BackupSession(ClusterLog log, String id) {
        this.log = log;
        this.id = id;
    }

    /** Packs that no backup lists: an interrupted one may have left them. All their frames may be used. */
    public List<PackSummary> leftovers() throws IOException {
        List<PackSummary> leftovers = log.leftovers();
        leftovers.forEach(pack -> offered.add(pack.id()));
        return leftovers;
    }

    /**
     * Makes the backup exist and ends the session. Everything that it needs has to be durable before.
     *
     * @param needed all packs that it needs; may list more of those of pinned backups
     * @throws SessionEndedException if packs that it needs may be gone; nothing is committed then
     * @throws IOException also if there is a backup of this id already
     */
    public void commit(BackupRecord backup, List<PackSummary> needed) throws IOException {
        log.commit(id, backup, needed, offered);
        open = false;
    }

    /** Ends the session, if nothing was committed: the packs that were written can be resumed or collected. */
    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            log.end(id);
        }
    }
}

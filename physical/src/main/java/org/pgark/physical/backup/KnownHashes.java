package org.pgark.physical.backup;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackContentsCache;

/**
 * The hashes of what earlier backups stored. What cannot be read is not known: then the pages are stored anew. For
 * several threads.
 */
final class KnownHashes {
    /** Of hashes and paths that are kept in memory: those of some hundred packs. */
    static final long MEMORY = 32 << 20;

    private final PackContentsCache contents;
    private final ProgressListener progress;
    private final Set<ObjectId> unreadable = ConcurrentHashMap.newKeySet();

    KnownHashes(PackContentsCache contents, ProgressListener progress) {
        this.contents = contents;
        this.progress = progress;
    }

    /** The hashes of a run's units; empty if they are not known. */
    Optional<byte[]> of(FramePart run) {
        ObjectId pack = run.frame().pack();
        if (unreadable.contains(pack)) {
            return Optional.empty();
        }
        try {
            return contents.hashes(run.frame(), run.offset(), run.length());
        } catch (IOException e) {
            if (unreadable.add(pack)) {
                progress.warning("pack " + pack + " of an earlier backup cannot be read, what it holds is stored anew: "
                        + e.getMessage());
            }
            return Optional.empty();
        }
    }
}

package org.pgark.physical.backup;

import java.util.Optional;
import java.util.function.Supplier;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.pack.PackContentsCache;

/**
 * What the workers need that pack received files.
 *
 * @param shared what one worker stores and another can use
 * @param contents of the packs of earlier backups
 * @param leftovers what an interrupted backup stored
 * @param recheck told of pages that changed though nothing said so
 * @param relationSegmentBlocks pages of a relation's file before the next one begins
 */
record ReceivedPackers(
        BackupRequest request,
        ClusterRepository repository,
        SharedRuns shared,
        PackContentsCache contents,
        Leftovers leftovers,
        Recheck recheck,
        int relationSegmentBlocks,
        ProgressListener progress) {
    /**
     * The workers, who begin at once; whoever sends the files keeps to the rate.
     *
     * @param inspectors makes one for each worker, if pages carry checksums
     */
    PackingCrew crew(Supplier<Optional<PageInspector>> inspectors) {
        KnownHashes hashes = new KnownHashes(contents, progress);
        ForgottenPacks forgotten = new ForgottenPacks(repository);
        ReadRate rate = new ReadRate(0);
        return new PackingCrew(
                request.jobs(),
                cancelled -> new Packer(
                        repository.newPack(request.compression(), forgotten),
                        repository.contentHasher(),
                        shared,
                        hashes,
                        leftovers,
                        rate,
                        recheck,
                        inspectors.get(),
                        relationSegmentBlocks,
                        progress,
                        cancelled));
    }
}

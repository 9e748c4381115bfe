package org.pgark.repository.collect;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What collecting did, or would do.
 *
 * @param deadPacks packs of which nothing was needed
 * @param deadBytes their size
 * @param rewrittenPacks packs of which little was needed
 * @param rewrittenBytes their size
 * @param newBytes the size of the packs that have what was needed of them
 * @param deletedPacks packs that were deleted, those of earlier marks too
 * @param deletedBytes their size
 * @param waitingPacks packs that are marked and not deleted, since somebody may be reading them
 * @param waitingBytes their size
 * @param waitsFor for whom they wait, in words
 * @param locked packs that nobody reads any more, and that the place of the repository does not let go yet
 * @param keptPacks packs that no backup lists and that are kept all the same
 * @param keptBytes their size
 * @param keptWhy what those are kept for
 * @param damaged what is wrong with packs that were left as they are because of it
 */
public record CollectOutcome(
        long deadPacks,
        long deadBytes,
        long rewrittenPacks,
        long rewrittenBytes,
        long newBytes,
        long deletedPacks,
        long deletedBytes,
        long waitingPacks,
        long waitingBytes,
        List<String> waitsFor,
        Locked locked,
        long keptPacks,
        long keptBytes,
        LogView.Unlisted keptWhy,
        List<String> damaged) {
    /**
     * Packs that are locked.
     *
     * @param packs how many
     * @param bytes their size
     * @param until when all of them can be deleted; empty if the place does not say, or there are none
     */
    public record Locked(long packs, long bytes, Optional<Instant> until) {}

    public CollectOutcome {
        waitsFor = List.copyOf(waitsFor);
        damaged = List.copyOf(damaged);
    }

    /** By how much the repository becomes smaller through what was found now. */
    public long freedBytes() {
        return deadBytes + rewrittenBytes - newBytes;
    }
}

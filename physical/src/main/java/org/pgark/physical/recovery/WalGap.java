package org.pgark.physical.recovery;

import org.pgark.postgres.wal.WalSegmentName;

/**
 * Segments that the archive lacks, though it has later ones of their timeline.
 *
 * @param first the first that is missing
 * @param last the last that is missing
 * @param segments how many are missing
 */
public record WalGap(WalSegmentName first, WalSegmentName last, long segments) {}

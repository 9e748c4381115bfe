package org.pgark.physical.recovery;

import org.pgark.postgres.wal.WalSegmentName;

/**
 * An archived segment through which nothing can be recovered.
 *
 * @param segment the segment
 * @param reason what is wrong with it
 */
public record BrokenWal(WalSegmentName segment, String reason) {}

package org.pgark.physical.walreceiver;

import java.nio.file.Path;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * A segment in a receiver's directory.
 *
 * @param name the segment
 * @param file where it is
 * @param complete whether it has all its bytes; otherwise zeros stand behind what was received
 */
public record ReceivedSegment(WalSegmentName name, Path file, boolean complete) {}

package org.pgark.physical.recovery;

import java.io.IOException;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSegmentName;

/** By what a recovery target knows the record to stop at, segment by segment. */
interface StopRecord {
    /** Never stops. */
    StopRecord NONE = new StopRecord() {
        @Override
        public boolean mayBeIn(WalFacts segment) {
            return false;
        }

        @Override
        public Optional<Stop> cut(WalFacts segment, WalFacts previous) {
            return Optional.empty();
        }

        @Override
        public Optional<Stop> find(WalSegmentName segment, WalFacts facts, Lsn from) {
            return Optional.empty();
        }
    };

    /** Whether a record that lies wholly in this segment may be one to stop at. */
    boolean mayBeIn(WalFacts segment);

    /** The record to stop at, if it is the one that begins in {@code previous} and ends in {@code segment}. */
    Optional<Stop> cut(WalFacts segment, WalFacts previous);

    /** The first record to stop at of those that begin at {@code from} or later and lie wholly in the segment. */
    Optional<Stop> find(WalSegmentName segment, WalFacts facts, Lsn from) throws IOException;
}

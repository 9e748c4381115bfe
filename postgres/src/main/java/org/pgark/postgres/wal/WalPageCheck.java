package org.pgark.postgres.wal;

import java.util.Optional;
import org.pgark.postgres.Lsn;

/**
 * Whether a page belongs where it lies in the WAL of one cluster.
 *
 * @param first the header of the first page of that WAL
 */
record WalPageCheck(WalSegmentHeader first) {
    /** What is wrong with the header of a page that is to lie at this position; empty if nothing is. */
    Optional<WalStop> wrong(byte[] page, int base, Lsn position, boolean segmentStart, int lastTimeline) {
        if (!isPage(page, base)) {
            return Optional.of(new WalStop.NoPageHeader(position));
        }
        Lsn address = new Lsn(WalPage.address(page, base));
        if (!address.equals(position)) {
            return Optional.of(misplaced(position, address));
        }
        if (WalPage.isLong(page, base) != segmentStart || (segmentStart && !isOfSameCluster(page, base))) {
            return Optional.of(new WalStop.WrongHeaderKind(position));
        }
        int timeline = WalPage.timeline(page, base);
        return timeline < lastTimeline
                ? Optional.of(new WalStop.TimelineGoesBack(position, timeline, lastTimeline))
                : Optional.empty();
    }

    /** Whether these bytes begin like a page of this version. */
    boolean isPage(byte[] page, int base) {
        return WalPage.magic(page, base) == first.major().walPageMagic() && !WalPage.hasUnknownFlags(page, base);
    }

    /** A file that is used again held a segment of a lower number, so its pages are off by whole segments. */
    private WalStop misplaced(Lsn position, Lsn address) {
        return address.isBefore(position)
                        && position.minus(address) % first.segmentSize().bytes() == 0
                ? new WalStop.LeftOver(position, address)
                : new WalStop.MisplacedPage(position, address);
    }

    private boolean isOfSameCluster(byte[] page, int base) {
        try {
            WalSegmentHeader found = WalPage.segmentHeader(page, base, first.major());
            return found.systemIdentifier().equals(first.systemIdentifier())
                    && found.segmentSize().equals(first.segmentSize())
                    && found.blockSize() == first.blockSize();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

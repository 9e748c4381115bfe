package org.pgark.physical.recovery;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.TransactionEnd;
import org.pgark.postgres.wal.WalEnd;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Goes along segments as recovery would, by what the archive knows of them, until a record to stop at.
 *
 * <p>Keeps a few words on each segment that it has seen, because it is asked for one backup after another.
 */
final class WalWalk {
    private final ArchivedWal archive;
    private final StopRecord wanted;
    private final Map<WalSegmentName, Digest> seen = new HashMap<>();

    WalWalk(ArchivedWal archive, StopRecord wanted) {
        this.archive = archive;
        this.wanted = wanted;
    }

    /**
     * How far recovery comes.
     *
     * @param stop the record at which it stops; empty if it goes to the end
     * @param segments how many segments of the path it reads
     * @param end where the valid WAL of the last of them ends
     * @param complete whether valid WAL goes on to the end of the path
     * @param last the last transaction that ended on the way; empty if none did, or if a stop was found
     */
    record Result(Optional<Stop> stop, int segments, WalEnd end, boolean complete, Optional<TransactionEnd> last) {}

    /** @param fits whether it may be what comes after the segment before */
    private record Digest(boolean fits, Optional<Stop> cut, boolean mayHold, WalEnd end, List<TransactionEnd> last) {}

    /**
     * Walks along a path of at least one segment. What the backup has itself lies before its stop, where nothing can be a
     * target, so that it need not be looked into.
     *
     * @param from where replay begins, in the first segment
     */
    Result along(WalPath path, Lsn from) throws IOException {
        Optional<TransactionEnd> last = Optional.empty();
        Optional<WalSegmentName> previous = Optional.empty();
        WalEnd end = new WalEnd(from, WalEnd.Reason.INPUT_END, "");
        int number = 0;
        for (WalSegmentName segment : path.archivedSteps()) {
            number++;
            boolean isLast = number == path.steps().size();
            Lsn limit = isLast && path.leftAt().isPresent() ? path.leftAt().get() : new Lsn(-1);
            Digest digest = digest(segment, previous);
            if (!digest.fits) {
                WalEnd cut = new WalEnd(
                        end.position(),
                        WalEnd.Reason.INVALID,
                        "segment \"" + segment
                                + "\" is of another history, the record that the boundary cuts does not go"
                                + " on in it");
                return new Result(Optional.empty(), number - 1, cut, false, last);
            }
            end = digest.end;
            Optional<Stop> stop = digest.cut.filter(cut -> !cut.start().isBefore(from));
            if (stop.isEmpty() && digest.mayHold) {
                stop = wanted.find(segment, archive.facts(segment), from);
            }
            if (stop.isPresent() && stop.get().start().isBefore(limit)) {
                return new Result(stop, number, end, true, Optional.empty());
            }
            for (TransactionEnd transaction : digest.last) {
                if (!transaction.start().isBefore(from) && transaction.start().isBefore(limit)) {
                    last = Optional.of(transaction);
                }
            }
            if (!end.continues()) {
                return new Result(Optional.empty(), number, end, isLast, last);
            }
            previous = Optional.of(segment);
        }
        if (path.carriedTo().isPresent()) {
            WalEnd stop = new WalEnd(path.carriedTo().get(), WalEnd.Reason.INPUT_END, "");
            return new Result(Optional.empty(), path.steps().size(), stop, true, Optional.empty());
        }
        return new Result(Optional.empty(), number, limitedBy(path, end), true, last);
    }

    private static WalEnd limitedBy(WalPath path, WalEnd end) {
        return path.leftAt()
                .filter(fork -> fork.isBefore(end.position()))
                .map(fork -> new WalEnd(fork, WalEnd.Reason.SWITCH, ""))
                .orElse(end);
    }

    private Digest digest(WalSegmentName segment, Optional<WalSegmentName> previous) throws IOException {
        Digest known = seen.get(segment);
        if (known != null) {
            return known;
        }
        WalFacts facts = archive.facts(segment);
        Optional<WalFacts> before = Optional.empty();
        if (previous.isPresent()) {
            before = Optional.of(archive.facts(previous.get()));
        }
        Digest digest = new Digest(
                before.isEmpty() || before.get().goesOnIn(facts),
                before.flatMap(earlier -> wanted.cut(facts, earlier)),
                wanted.mayBeIn(facts),
                facts.end(),
                lastOf(facts, before));
        if (previous.isPresent()) {
            seen.put(segment, digest);
        }
        return digest;
    }

    private static List<TransactionEnd> lastOf(WalFacts facts, Optional<WalFacts> before) {
        if (!facts.transactions().isEmpty()) {
            return facts.transactions().last();
        }
        return before.flatMap(facts::transactionEndCutFrom).stream().toList();
    }
}

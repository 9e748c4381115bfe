package org.pgark.postgres.wal;

import java.nio.BufferUnderflowException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;

/**
 * The bytes of {@link WalFacts}: a version, then the components in their order. Numbers are varints, positions are
 * distances from the segment's start, times are microseconds since 2000.
 */
final class WalFactsForm {
    private static final int VERSION = 1;
    private static final String WHAT = "WAL facts";

    private WalFactsForm() {}

    static byte[] encode(WalFacts facts) {
        Lsn base = facts.header().pageAddress();
        VarintWriter out = new VarintWriter();
        out.number(VERSION);
        putHeader(out, facts.header());
        out.number(facts.records());
        putPosition(out, base, facts.firstRecord());
        putTransactions(out, base, facts.transactions());
        out.number(facts.restorePoints().size());
        for (RestorePoint point : facts.restorePoints()) {
            out.text(point.name());
            out.signed(ServerTime.ofInstant(point.time()));
            putPosition(out, base, point.start());
            putPosition(out, base, point.end());
        }
        out.number(facts.head().remaining());
        out.bytes(facts.head().bytes().toArray());
        putPosition(out, base, facts.tail().start());
        out.number(facts.tail().present());
        out.bytes(facts.tail().bytes().toArray());
        putPosition(out, base, facts.end().position());
        out.text(facts.end().reason().name());
        out.text(facts.end().detail());
        return out.toArray();
    }

    private static void putHeader(VarintWriter out, WalSegmentHeader header) {
        out.number(header.major().number());
        out.number(header.timeline().id());
        out.number(header.pageAddress().value());
        out.number(header.systemIdentifier().value());
        out.number(header.segmentSize().bytes());
        out.number(header.blockSize());
    }

    private static void putTransactions(VarintWriter out, Lsn base, TransactionFacts facts) {
        out.number(facts.last().size());
        for (TransactionEnd last : facts.last()) {
            out.signed(ServerTime.ofInstant(facts.earliest()));
            out.signed(ServerTime.ofInstant(facts.latest()));
            out.number(Integer.toUnsignedLong(last.xid()));
            out.number(last.committed() ? 1 : 0);
            out.signed(ServerTime.ofInstant(last.time()));
            putPosition(out, base, last.start());
            putPosition(out, base, last.end());
        }
        putIds(out, facts.ids().toArray());
    }

    /** Ids of one segment are mostly neighbours: how many there are, then runs of (distance to the next, length - 1). */
    private static void putIds(VarintWriter out, int[] ids) {
        out.number(ids.length);
        long expected = 0;
        for (int first = 0; first < ids.length; ) {
            int next = first + 1;
            while (next < ids.length && ids[next] == ids[next - 1] + 1) {
                next++;
            }
            out.number(Integer.toUnsignedLong(ids[first]) - expected);
            out.number(next - first - 1);
            expected = Integer.toUnsignedLong(ids[next - 1]) + 1;
            first = next;
        }
    }

    /** One more than the distance, so that 0 stands for "none". */
    private static void putPosition(VarintWriter out, Lsn base, Lsn position) {
        out.number(position.equals(Lsn.ZERO) ? 0 : position.minus(base) + 1);
    }

    static WalFacts decode(byte[] encoded) throws DamagedFileException {
        VarintReader in = new VarintReader(encoded);
        try {
            long version = in.number();
            if (version != VERSION) {
                throw new DamagedFileException(
                        WHAT, "they are of version " + version + ", which this pgark cannot read");
            }
            return decode(in);
        } catch (BufferUnderflowException e) {
            throw new DamagedFileException(WHAT, "they are cut short");
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(WHAT, String.valueOf(e.getMessage()));
        }
    }

    private static WalFacts decode(VarintReader in) {
        WalSegmentHeader header = new WalSegmentHeader(
                PostgresMajor.of(in.integer()),
                new Timeline(in.integer()),
                new Lsn(in.number()),
                new SystemIdentifier(in.number()),
                new WalSegmentSize(in.integer()),
                in.integer());
        Lsn base = header.pageAddress();
        long records = in.number();
        Lsn firstRecord = position(in, base);
        TransactionFacts transactions = transactions(in, base);
        List<RestorePoint> restorePoints = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            restorePoints.add(new RestorePoint(
                    in.text(), ServerTime.toInstant(in.signed()), position(in, base), position(in, base)));
        }
        return new WalFacts(
                header,
                records,
                firstRecord,
                transactions,
                restorePoints,
                new CutRecordHead(in.integer(), in.bytes()),
                new CutRecordTail(position(in, base), in.integer(), in.bytes()),
                new WalEnd(position(in, base), WalEnd.Reason.valueOf(in.text()), in.text()));
    }

    private static TransactionFacts transactions(VarintReader in, Lsn base) {
        Instant earliest = Instant.MAX;
        Instant latest = Instant.MIN;
        List<TransactionEnd> last = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            earliest = ServerTime.toInstant(in.signed());
            latest = ServerTime.toInstant(in.signed());
            last.add(new TransactionEnd(
                    (int) in.number(),
                    in.number() != 0,
                    ServerTime.toInstant(in.signed()),
                    position(in, base),
                    position(in, base)));
        }
        return new TransactionFacts(earliest, latest, last, ids(in));
    }

    private static TransactionIds ids(VarintReader in) {
        int[] ids = new int[Math.min(in.integer(), 1 << 24)];
        long next = 0;
        for (int filled = 0; filled < ids.length; ) {
            next += in.number();
            for (long run = in.number() + 1; run > 0 && filled < ids.length; run--) {
                ids[filled++] = (int) next++;
            }
        }
        return TransactionIds.of(ids);
    }

    private static Lsn position(VarintReader in, Lsn base) {
        long distance = in.number();
        return distance == 0 ? Lsn.ZERO : base.plus(distance - 1);
    }
}

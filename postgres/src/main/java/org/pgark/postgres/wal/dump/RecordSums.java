package org.pgark.postgres.wal.dump;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.ResourceManager;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.describe.RecordDescription;

/** How many records of which kind there are, and how long they are: pg_waldump's statistics. */
public final class RecordSums {
    private static final int MANAGERS = 256;
    private static final int KINDS = 16;

    private final long[] counts = new long[MANAGERS * KINDS];
    private final long[] recordBytes = new long[MANAGERS * KINDS];
    private final long[] imageBytes = new long[MANAGERS * KINDS];
    private @Nullable Lsn end;

    /** Counts a record. */
    public void add(WalRecord record) {
        int manager = record.resourceManager();
        int kind = record.info() >> 4;
        if (manager == ResourceManager.TRANSACTION) {
            kind &= 7;
        }
        int images = RecordLine.imageBytes(record.blocks());
        counts[manager * KINDS + kind]++;
        recordBytes[manager * KINDS + kind] += record.length() - images;
        imageBytes[manager * KINDS + kind] += images;
        end = record.end();
    }

    /**
     * The table; empty if nothing was counted.
     *
     * @param start where the WAL begins that was looked at
     * @param perKind whether each kind of record has a row, or each resource manager
     */
    public Optional<String> table(Lsn start, PostgresMajor major, boolean perKind) {
        if (end == null) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder();
        out.append("WAL statistics between ")
                .append(start)
                .append(" and ")
                .append(end)
                .append(":\n");
        appendHead(out, "Type", "N", "(%)", "Record size", "FPI size", "Combined size");
        appendHead(out, "----", "-", "---", "-----------", "--------", "-------------");
        Sum total = sum(0, MANAGERS * KINDS);
        for (int manager = 0; manager < MANAGERS; manager++) {
            if (RecordDescription.isManager(manager)) {
                appendManager(out, major, manager, total, perKind);
            }
        }
        appendTotal(out, total);
        return Optional.of(out.toString());
    }

    private record Sum(long count, long records, long images) {
        long bytes() {
            return records + images;
        }
    }

    private Sum sum(int from, int to) {
        long count = 0;
        long records = 0;
        long images = 0;
        for (int i = from; i < to; i++) {
            count += counts[i];
            records += recordBytes[i];
            images += imageBytes[i];
        }
        return new Sum(count, records, images);
    }

    private static void appendHead(
            StringBuilder out, String type, String n, String share, String record, String image, String both) {
        out.append(String.format(
                Locale.ROOT,
                "%-27s %20s %8s %20s %8s %20s %8s %20s %8s\n",
                type,
                n,
                share,
                record,
                share,
                image,
                share,
                both,
                share));
    }

    private void appendManager(StringBuilder out, PostgresMajor major, int manager, Sum total, boolean perKind) {
        String name = RecordDescription.manager(manager);
        int first = manager * KINDS;
        if (!perKind) {
            Sum sum = sum(first, first + KINDS);
            if (sum.count > 0 || !RecordDescription.isOfExtension(manager)) {
                appendRow(out, name, sum, total);
            }
            return;
        }
        for (int kind = 0; kind < KINDS; kind++) {
            Sum sum = sum(first + kind, first + kind + 1);
            if (sum.count > 0) {
                appendRow(out, name + "/" + RecordDescription.kind(major, manager, kind << 4), sum, total);
            }
        }
    }

    private static void appendRow(StringBuilder out, String name, Sum sum, Sum total) {
        out.append(String.format(
                Locale.ROOT,
                "%-27s %20d (%6s) %20d (%6s) %20d (%6s) %20d (%6s)\n",
                name,
                sum.count,
                percent(sum.count, total.count),
                sum.records,
                percent(sum.records, total.records),
                sum.images,
                percent(sum.images, total.images),
                sum.bytes(),
                percent(sum.bytes(), total.bytes())));
    }

    private static void appendTotal(StringBuilder out, Sum total) {
        String line = "--------";
        out.append(String.format(
                Locale.ROOT, "%-27s %20s %8s %20s %8s %20s %8s %20s\n", "", line, "", line, "", line, "", line));
        out.append(String.format(
                Locale.ROOT,
                "%-27s %20d %-9s%20d %-9s%20d %-9s%20d %-6s\n",
                "Total",
                total.count,
                "",
                total.records,
                "[" + percent(total.records, total.bytes()) + "%]",
                total.images,
                "[" + percent(total.images, total.bytes()) + "%]",
                total.bytes(),
                "[100%]"));
    }

    /** Two digits behind the point, rounded as C does it: exactly, and ties to even. */
    private static String percent(long part, long whole) {
        double share = whole == 0 ? 0 : 100 * (double) part / whole;
        return new BigDecimal(share).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}

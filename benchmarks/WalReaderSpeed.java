import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalChange;
import org.pgark.postgres.wal.WalChangeVisitor;
import org.pgark.postgres.wal.WalChanges;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentName;

/** Reads the segments of a folder, which follow each other, again and again, and prints MB/s of CPU time by thread. */
public final class WalReaderSpeed implements WalChangeVisitor {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int CHUNK = 1 << 20;

    private long records;
    private long blocks;
    private long changes;
    private String end = "";

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        List<byte[]> segments = segments(folder);
        long bytes = segments.stream().mapToLong(segment -> segment.length).sum();
        System.out.printf(Locale.ROOT, "%d segments, %d MB%n", segments.size(), bytes / 1_000_000);
        for (Kind kind : Kind.values()) {
            double[] speeds = new double[rounds];
            WalReaderSpeed last = new WalReaderSpeed();
            for (int round = 0; round < rounds; round++) {
                last = new WalReaderSpeed();
                long before = THREADS.getCurrentThreadCpuTime();
                last.read(kind, segments);
                speeds[round] = bytes / 1e6 / ((THREADS.getCurrentThreadCpuTime() - before) / 1e9);
            }
            double[] warm = Arrays.copyOfRange(speeds, rounds / 3, rounds);
            Arrays.sort(warm);
            System.out.printf(
                    Locale.ROOT,
                    "%-15s first %5.0f MB/s, then median %5.0f, lowest %5.0f, highest %5.0f;"
                            + " %d records, %d blocks, %d other changes; %s%n",
                    kind, speeds[0], warm[warm.length / 2], warm[0], warm[warm.length - 1],
                    last.records, last.blocks, last.changes, last.end);
        }
    }

    private enum Kind {
        ARRAYS,
        DIRECT_BUFFERS,
        CHANGES
    }

    private static List<byte[]> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> WalSegmentName.isName(file.getFileName().toString()))
                    .sorted()
                    .map(WalReaderSpeed::content)
                    .toList();
        }
    }

    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(Kind kind, List<byte[]> segments) {
        WalReader reader = new WalReader(
                new Lsn(ByteBuffer.wrap(segments.getFirst())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(8)));
        ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);
        WalChanges told = new WalChanges(major(segments.getFirst()), 8192, this);
        for (byte[] segment : segments) {
            for (int at = 0; at < segment.length && !reader.hasEnded(); at += CHUNK) {
                if (kind == Kind.DIRECT_BUFFERS) {
                    reader.feed(direct.clear().put(segment, at, CHUNK).flip());
                } else {
                    reader.feed(ByteBuffer.wrap(segment, at, CHUNK));
                }
                while (reader.next()) {
                    records++;
                    if (kind == Kind.CHANGES) {
                        told.read(reader.record());
                    } else {
                        blocks += reader.record().blocks().count();
                    }
                }
            }
        }
        end = reader.end().describe();
    }

    private static PostgresMajor major(byte[] segment) {
        int magic = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).getChar(0);
        return Arrays.stream(PostgresMajor.values())
                .filter(major -> major.walPageMagic() == magic)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void blockChanged(int tablespace, int database, int relation, int fork, int block) {
        blocks++;
    }

    @Override
    public void changed(Lsn at, WalChange change) {
        changes++;
    }
}

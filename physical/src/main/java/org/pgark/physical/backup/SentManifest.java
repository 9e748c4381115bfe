package org.pgark.physical.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.ManifestVisitor;
import org.pgark.postgres.manifest.WalRange;

/**
 * The manifest in which a server tells the checksums of what it read, beside those of what came here, so that nothing on the
 * way can change a byte unseen. Not for several threads.
 *
 * <p>Of each file that came a hash of its path and its checksum are kept, twelve bytes. Files of the same hash stand for one
 * another, which among millions does not happen.
 */
final class SentManifest implements ReceivedChecksums, AutoCloseable {
    private static final String WAL = "pg_wal/";
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final Path file;
    private final OutputStream out;
    private long[] paths = new long[1 << 8];
    private int[] checksums = new int[1 << 8];
    private int count;

    SentManifest() throws IOException {
        this.file = Files.createTempFile("pgark-backup-", ".manifest");
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void received(String path, int crc) {
        if (path.startsWith(WAL)) {
            return;
        }
        if (count == paths.length) {
            paths = Arrays.copyOf(paths, 2 * count);
            checksums = Arrays.copyOf(checksums, 2 * count);
        }
        paths[count] = hash(path);
        checksums[count] = crc;
        count++;
    }

    private static long hash(String path) {
        long hash = 0;
        for (int index = 0; index < path.length(); index++) {
            hash = (hash ^ path.charAt(index)) * FACTOR;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    @Override
    public void verify() throws IOException, FailedException {
        out.close();
        Comparison comparison = new Comparison();
        BackupManifest.read(file, comparison);
        if (comparison.difference.isEmpty() && comparison.listed < count) {
            comparison.difference = Optional.of(count + " files were received, but the server's manifest has only "
                    + comparison.listed + " of them");
        }
        if (comparison.difference.isPresent()) {
            throw new FailedException(
                    "received_differs",
                    comparison.difference.get(),
                    "Nothing was kept of this backup. The network has changed what it carries, or pgark has an error: take"
                            + " the backup again, over TLS if that was off.");
        }
    }

    /** Goes through the manifest; the first difference counts. */
    private final class Comparison implements ManifestVisitor {
        private final int[] order;
        private Optional<String> difference = Optional.empty();
        private int listed;

        Comparison() {
            this.order = IntStream.range(0, count)
                    .boxed()
                    .sorted(Comparator.comparingLong(index -> paths[index]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        @Override
        public void file(ManifestFile listedFile) {
            if (listedFile.path().startsWith(WAL)) {
                return;
            }
            listed++;
            if (difference.isPresent()) {
                return;
            }
            long wanted = hash(listedFile.path());
            int at = first(wanted);
            if (at == order.length || paths[order[at]] != wanted) {
                difference =
                        Optional.of("file \"" + listedFile.path() + "\" is in the server's manifest but did not come");
            } else if (listedFile.algorithm() != ManifestChecksum.CRC32C
                    || crc(listedFile.checksum()) != checksums[order[at]]) {
                difference = Optional.of("what came of file \"" + listedFile.path()
                        + "\" is not what the server read: its checksum differs from the one in the server's manifest");
            }
        }

        private int first(long wanted) {
            int low = 0;
            int high = order.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (paths[order[middle]] < wanted) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** Of a CRC the lowest byte is the first. */
        private static int crc(byte[] checksum) {
            return checksum.length == Integer.BYTES
                    ? Integer.reverseBytes(ByteBuffer.wrap(checksum).getInt())
                    : 0;
        }

        @Override
        public void version(int version) {
            // Both versions say the same of files.
        }

        @Override
        public void systemIdentifier(long identifier) {
            // The stream's was checked when it began.
        }

        @Override
        public void walRange(WalRange range) {
            // The end of the stream tells it.
        }
    }

    @Override
    public void close() throws IOException {
        try (out) {
            Files.deleteIfExists(file);
        }
    }
}

package org.pgark.physical.restore;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A road to a file past the page cache (O_DIRECT). Filling the page cache with what a restore writes costs more processor time
 * than all else that it does, and drives out what other clusters on the host have there.
 */
final class DirectAccess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectAccess.class);

    /** Others may take direct writes too, but compress or copy them worse than ordinary ones, or wait for a server. */
    private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs");

    /** Smaller files stay in the page cache: the catalogues, which a server reads first, are among them. */
    private static final long SMALLEST = 8 << 20;

    private static final Optional<OpenOption> DIRECT = directOption();

    private final FileChannel channel;

    private DirectAccess(FileChannel channel) {
        this.channel = channel;
    }

    /** By name, since no specification promises that every JDK has it. */
    private static Optional<OpenOption> directOption() {
        try {
            Object option = Class.forName("com.sun.nio.file.ExtendedOpenOption")
                    .getField("DIRECT")
                    .get(null);
            return option instanceof OpenOption direct ? Optional.of(direct) : Optional.empty();
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens a new file, which gets its size now: a file that does not grow can be written in several places at once.
     *
     * @return nothing if this file is better written in the ordinary way
     */
    static Optional<DirectAccess> of(Path file, long size) {
        if (size < SMALLEST || DIRECT.isEmpty()) {
            return Optional.empty();
        }
        try {
            FileStore store = Files.getFileStore(file);
            long block = store.getBlockSize();
            if (!FILE_SYSTEMS.contains(store.type()) || block > DirectPiece.GRAIN || DirectPiece.GRAIN % block != 0) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, DIRECT.get());
            try (RandomAccessFile sized = new RandomAccessFile(file.toFile(), "rw")) {
                sized.setLength(size);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return Optional.of(new DirectAccess(channel));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("\"{}\" is written through the page cache", file, e);
            return Optional.empty();
        }
    }

    /**
     * Writes whole {@link DirectPiece#GRAIN}s.
     *
     * @return whether they are written; if not, some may be
     */
    boolean write(long offset, ByteBuffer bytes) {
        try {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            return true;
        } catch (IOException e) {
            LOG.debug("a direct write failed", e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

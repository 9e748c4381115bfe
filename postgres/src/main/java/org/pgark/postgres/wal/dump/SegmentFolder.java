package org.pgark.postgres.wal.dump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalPageSource;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** Pages of one timeline from the segment files of a folder, up to a position or as far as there are files. */
public final class SegmentFolder implements WalPageSource, AutoCloseable {
    private static final int PAGE_BYTES = 8192;
    private static final int ATTEMPTS_WHEN_FOLLOWING = 10;
    private static final long MILLIS_BETWEEN_ATTEMPTS = 500;

    private final Path folder;
    private final Timeline timeline;
    private final WalSegmentSize segmentSize;
    private final Optional<Lsn> end;
    private final boolean waitsForFiles;
    private @Nullable FileChannel file;
    private @Nullable WalSegmentName name;
    private boolean endReached;

    /**
     * @param end where reading is to end; empty to read as far as files go
     * @param waitsForFiles whether a segment that is not there yet is waited for, for some seconds
     */
    public SegmentFolder(
            Path folder, Timeline timeline, WalSegmentSize segmentSize, Optional<Lsn> end, boolean waitsForFiles) {
        this.folder = folder;
        this.timeline = timeline;
        this.segmentSize = segmentSize;
        this.end = end;
        this.waitsForFiles = waitsForFiles;
    }

    /** Whether more was asked for than lies before the end. */
    public boolean isEndReached() {
        return endReached;
    }

    @Override
    public int read(long page, int needed, byte[] target) throws IOException {
        int count = PAGE_BYTES;
        if (end.isPresent()) {
            long last = end.get().value();
            if (Long.compareUnsigned(page + needed, last) > 0) {
                endReached = true;
                return ENDED;
            }
            if (Long.compareUnsigned(page + PAGE_BYTES, last) > 0) {
                count = (int) (last - page);
            }
        }
        FileChannel channel = open(page);
        long offset = Long.remainderUnsigned(page, segmentSize.bytes());
        ByteBuffer buffer = ByteBuffer.wrap(target, 0, count);
        while (buffer.hasRemaining()) {
            int read = readSome(channel, buffer, offset + buffer.position());
            if (read <= 0) {
                throw new WalFileException("could not read from file \"" + segmentName(page) + "\", offset "
                        + (offset + buffer.position()) + ": read 0 of " + buffer.remaining());
            }
        }
        return count;
    }

    private int readSome(FileChannel channel, ByteBuffer buffer, long offset) throws IOException {
        try {
            return channel.read(buffer, offset);
        } catch (IOException e) {
            throw new WalFileException(
                    "could not read from file \"" + name + "\", offset " + offset + ": " + e.getMessage());
        }
    }

    private FileChannel open(long position) throws IOException {
        WalSegmentName wanted = WalSegmentName.containing(timeline, new Lsn(position), segmentSize);
        if (file != null && wanted.equals(name)) {
            return file;
        }
        close();
        for (int attempt = 1; ; attempt++) {
            try {
                FileChannel opened = FileChannel.open(folder.resolve(wanted.toString()), StandardOpenOption.READ);
                file = opened;
                name = wanted;
                return opened;
            } catch (NoSuchFileException e) {
                if (!waitsForFiles || attempt == ATTEMPTS_WHEN_FOLLOWING || !pause()) {
                    throw new WalFileException("could not find file \"" + wanted + "\": No such file or directory");
                }
            } catch (AccessDeniedException e) {
                throw new WalFileException("could not open file \"" + wanted + "\": Permission denied");
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(MILLIS_BETWEEN_ATTEMPTS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String segmentName(long position) {
        return WalSegmentName.containing(timeline, new Lsn(position), segmentSize)
                .toString();
    }

    /**
     * The segment size that a segment file of the folder says in its header.
     *
     * @param fileName the file; empty for any whose name is that of a segment
     * @return empty if there is no such file
     */
    public static Optional<WalSegmentSize> segmentSize(Path folder, Optional<String> fileName) throws IOException {
        Optional<String> found = fileName.isPresent() ? fileName : anySegment(folder);
        if (found.isEmpty() || !Files.exists(folder.resolve(found.get()))) {
            return Optional.empty();
        }
        String name = found.get();
        byte[] page;
        try (var in = Files.newInputStream(folder.resolve(name))) {
            page = in.readNBytes(PAGE_BYTES);
        } catch (AccessDeniedException e) {
            throw new WalFileException("could not open file \"" + name + "\": Permission denied");
        } catch (IOException e) {
            throw new WalFileException("could not read file \"" + name + "\": " + reason(folder.resolve(name), e));
        }
        if (page.length < PAGE_BYTES) {
            throw new WalFileException(
                    "could not read file \"" + name + "\": read " + page.length + " of " + PAGE_BYTES);
        }
        int size = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getInt(32);
        try {
            return Optional.of(new WalSegmentSize(size));
        } catch (IllegalArgumentException e) {
            throw new WalFileException(
                    "invalid WAL segment size in WAL file \"" + name + "\" (" + size
                            + (size == 1 ? " byte)" : " bytes)"),
                    "The WAL segment size must be a power of two between 1 MB and 1 GB.");
        }
    }

    private static String reason(Path file, IOException exception) {
        return Files.isDirectory(file) ? "Is a directory" : String.valueOf(exception.getMessage());
    }

    private static Optional<String> anySegment(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("[0-9A-F]{24}")) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}

package org.pgark.physical.receive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.Lsn;

/** Looks in a directory of received WAL for the place to go on from. */
public final class ReceivedSegments {
    private static final Pattern NAME =
            Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\\.gz|\\.lz4|\\.zst)?(\\.partial)?");

    private final int segmentSize;
    private final Consumer<String> warnings;
    private long highest = -1;
    private int highestTimeline;
    private boolean highestIsPartial;

    private ReceivedSegments(int segmentSize, Consumer<String> warnings) {
        this.segmentSize = segmentSize;
        this.warnings = warnings;
    }

    /**
     * A place to go on from.
     *
     * @param position the start of a segment
     * @param timeline the timeline of the newest segment
     */
    public record Place(Lsn position, int timeline) {}

    /**
     * The start of the segment behind the newest complete one, or of the newest incomplete one. Segments of a wrong size
     * do not count, and are warned of.
     */
    public static Optional<Place> end(Path directory, int segmentSize, Consumer<String> warnings) throws IOException {
        ReceivedSegments segments = new ReceivedSegments(segmentSize, warnings);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                segments.look(file);
            }
        } catch (IOException e) {
            throw e instanceof ReplicationException
                    ? e
                    : new ReplicationException(
                            "could not read directory \"" + directory + "\": " + SystemMessage.of(e), e);
        }
        if (segments.highest <= 0) {
            return Optional.empty();
        }
        long next = segments.highestIsPartial ? segments.highest : segments.highest + 1;
        return Optional.of(new Place(new Lsn(next * segmentSize), segments.highestTimeline));
    }

    private void look(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        boolean partial = matcher.group(5) != null;
        String suffix = matcher.group(4) == null ? "" : matcher.group(4);
        if (!partial && !hasRightSize(file, name, suffix)) {
            return;
        }
        int timeline = Integer.parseUnsignedInt(matcher.group(1), 16);
        long perFile = (1L << 32) / segmentSize;
        long segment = Long.parseLong(matcher.group(2), 16) * perFile + Long.parseLong(matcher.group(3), 16);
        int order = Integer.compareUnsigned(timeline, highestTimeline);
        if (segment > highest || (segment == highest && (order > 0 || (order == 0 && highestIsPartial && !partial)))) {
            highest = segment;
            highestTimeline = timeline;
            highestIsPartial = partial;
        }
    }

    private boolean hasRightSize(Path file, String name, String suffix) throws IOException {
        long size = switch (suffix) {
            case ".gz" -> gzipSize(file);
            case ".lz4", ".zst" -> contentSize(file, suffix);
            default -> Files.size(file);
        };
        if (size == segmentSize) {
            return true;
        }
        warnings.accept(
                suffix.isEmpty()
                        ? "segment file \"" + name + "\" has incorrect size " + size + ", skipping"
                        : String.format(
                                Locale.ROOT,
                                "compressed segment file \"%s\" has incorrect uncompressed size %d, skipping",
                                name,
                                size));
        return false;
    }

    /** The last four bytes of a gzip file, little-endian. */
    private static long gzipSize(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            if (channel.size() < 4) {
                throw new ReplicationException("could not seek in compressed file \"" + file + "\": Invalid argument");
            }
            int read = channel.read(last, channel.size() - 4);
            if (read != 4) {
                throw new ReplicationException(
                        "could not read compressed file \"" + file + "\": read " + read + " of 4");
            }
            return last.getInt(0);
        }
    }

    private long contentSize(Path file, String suffix) throws IOException {
        try (InputStream compressed = Files.newInputStream(file);
                InputStream content =
                        suffix.equals(".lz4") ? new Lz4FrameInput(compressed) : new ZstdInputStream(compressed)) {
            byte[] buffer = new byte[64 << 10];
            long size = 0;
            for (int read = content.read(buffer); read >= 0 && size <= segmentSize; read = content.read(buffer)) {
                size += read;
            }
            return size;
        } catch (IOException e) {
            throw new ReplicationException("could not decompress file \"" + file + "\": " + SystemMessage.of(e), e);
        }
    }
}

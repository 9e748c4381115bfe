package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Incarnation;

/** The directory in which one receiver keeps the WAL of one cluster. Not for several threads, but for {@link #segments}. */
public final class ReceiverDirectory implements AutoCloseable {
    static final String PARTIAL = ".partial";

    private static final String IDENTITY = "receiver";
    private static final String LOCK = "receiver.lock";
    private static final int SCANNED = 1 << 16;

    private final Path path;
    private final WalSegmentSize segmentSize;
    private final Optional<FileChannel> lock;

    private ReceiverDirectory(Path path, WalSegmentSize segmentSize, Optional<FileChannel> lock) {
        this.path = path;
        this.segmentSize = segmentSize;
        this.lock = lock;
    }

    /**
     * Takes the directory for a receiver; it is made if it is not there.
     *
     * @throws BusyException if another receiver has it
     * @throws RefusedException if it holds something else
     */
    public static ReceiverDirectory taken(Path path, Incarnation incarnation) throws IOException, OperationException {
        makeDirectory(path);
        FileChannel channel = FileChannel.open(
                path.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean kept = false;
        try {
            if (!isLocked(channel)) {
                throw new BusyException(
                        "receiver_running", "another receiver of WAL works in directory \"" + path + "\"", "");
            }
            identify(path, incarnation);
            ReceiverDirectory directory = new ReceiverDirectory(path, incarnation.segmentSize(), Optional.of(channel));
            kept = true;
            return directory;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static void makeDirectory(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                sync(parent);
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
        }
    }

    @SuppressWarnings("resource") // the lock goes with its channel
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * Looks into the directory beside a receiver that may be working in it; empty if there is no such directory, or it is
     * none of this cluster.
     */
    public static Optional<ReceiverDirectory> seen(Path path, Incarnation incarnation) throws IOException {
        try {
            return Files.readString(path.resolve(IDENTITY)).equals(identity(incarnation))
                    ? Optional.of(new ReceiverDirectory(path, incarnation.segmentSize(), Optional.empty()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String identity(Incarnation incarnation) {
        return "pgark receiver 1\nsystem_identifier " + incarnation.systemIdentifier() + "\nwal_segment_size "
                + incarnation.segmentSize().bytes() + "\n";
    }

    private static void identify(Path path, Incarnation incarnation) throws IOException, RefusedException {
        String wanted = identity(incarnation);
        Path file = path.resolve(IDENTITY);
        if (Files.exists(file)) {
            String found = Files.readString(file);
            if (!found.equals(wanted)) {
                throw new RefusedException(
                        "receiver_directory_of_another",
                        "directory \"" + path + "\" holds WAL of another cluster: "
                                + found.strip().replace('\n', ','),
                        "Give this receiver a directory of its own.");
            }
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.equals(LOCK) && !name.equals(IDENTITY + ".tmp")) {
                    throw new RefusedException(
                            "receiver_directory_not_empty",
                            "directory \"" + path + "\" is no receiver's and not empty: it has \"" + name + "\"",
                            "Give this receiver an empty directory.");
                }
            }
        }
        write(path, IDENTITY, wanted.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a small file there as a whole, durably. */
    static void write(Path directory, String name, byte[] content) throws IOException {
        Path temporary = directory.resolve(name + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Path path() {
        return path;
    }

    WalSegmentSize segmentSize() {
        return segmentSize;
    }

    /**
     * All segments, in ascending order of names. Of one that is there complete and partial, which a kill between the two
     * names may leave, only the complete one counts.
     */
    public List<ReceivedSegment> segments() throws IOException {
        List<ReceivedSegment> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean partial = name.endsWith(PARTIAL);
                String segment = partial ? name.substring(0, name.length() - PARTIAL.length()) : name;
                if (WalSegmentName.isName(segment)) {
                    found.add(new ReceivedSegment(WalSegmentName.parse(segment), file, !partial));
                }
            }
        }
        found.removeIf(one -> !one.complete()
                && found.stream()
                        .anyMatch(other -> other.complete() && other.name().equals(one.name())));
        found.sort(Comparator.comparing(ReceivedSegment::name));
        return found;
    }

    /** One segment, complete if it is there so. */
    public Optional<ReceivedSegment> find(WalSegmentName name) {
        for (boolean complete : new boolean[] {true, false}) {
            Path file = path.resolve(name + (complete ? "" : PARTIAL));
            if (Files.exists(file)) {
                return Optional.of(new ReceivedSegment(name, file, complete));
            }
        }
        return Optional.empty();
    }

    /** The history files. */
    List<Path> histories() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.history")) {
            for (Path file : files) {
                if (isHistory(file)) {
                    found.add(file);
                }
            }
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static boolean isHistory(Path file) {
        try {
            return WalFileName.parse(String.valueOf(file.getFileName())) instanceof WalFileName.History;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The newest segment of a timeline. */
    Optional<ReceivedSegment> newest(Timeline timeline) throws IOException {
        return segments().stream()
                .filter(segment -> segment.name().timeline().equals(timeline))
                .reduce((_, later) -> later);
    }

    /** How many bytes of a segment were received, as far as its file tells: up to the last that is not zero. */
    public static int received(ReceivedSegment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
            long end = channel.size();
            byte[] block = new byte[SCANNED];
            while (end > 0) {
                int length = (int) Math.min(SCANNED, end);
                ByteBuffer target = ByteBuffer.wrap(block, 0, length);
                while (target.hasRemaining() && channel.read(target, end - length + target.position()) >= 0) {}
                for (int at = length - 1; at >= 0; at--) {
                    if (block[at] != 0) {
                        return Math.toIntExact(end - length + at + 1);
                    }
                }
                end -= length;
            }
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            lock.get().close();
        }
    }
}

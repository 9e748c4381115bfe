package org.pgark.physical.restore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.ResourceManager;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.WalDigest;
import org.pgark.repository.frame.DamagedObjectException;

/** Finds the WAL that only the cluster in a directory has, because it was never archived. */
final class UnarchivedWal {
    static final String FOLDER = "pg_wal";

    private static final String STATUS_FOLDER = "archive_status";
    private static final String READY = ".ready";
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CONTINUES_A_RECORD = 1;

    private final Path wal;
    private final ClusterRepository source;

    private UnarchivedWal(Path wal, ClusterRepository source) {
        this.wal = wal;
        this.source = source;
    }

    /**
     * The names of files in pg_wal, ascending: those that wait for the archive, or that it refused; the segments that are newer than what
     * {@code source} has, the one in which the cluster stopped being the last, if any of them says more than that the
     * cluster was started and stopped; and the histories without which these cannot be followed.
     */
    static List<String> of(Path dataDirectory, ClusterRepository source) throws IOException {
        Path wal = dataDirectory.resolve(FOLDER);
        return Files.isDirectory(wal) ? new UnarchivedWal(wal, source).names() : List.of();
    }

    private List<String> names() throws IOException {
        Set<String> names = new TreeSet<>(waiting());
        Set<String> fresh = newSegments();
        fresh.removeAll(names);
        if (!names.isEmpty() || saysSomething(fresh)) {
            names.addAll(fresh);
        }
        Set<String> histories = new TreeSet<>();
        for (String name : names) {
            Timeline timeline = WalFileName.parse(name).timeline();
            WalFileName history = new WalFileName.History(timeline);
            if (Files.isRegularFile(wal.resolve(history.toString()))
                    && !source.walArchive().contains(history)) {
                histories.add(history.toString());
            }
        }
        names.addAll(histories);
        return List.copyOf(names);
    }

    private Set<String> waiting() throws IOException {
        Set<String> names = new TreeSet<>();
        Path status = wal.resolve(STATUS_FOLDER);
        if (Files.isDirectory(status)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(status, "*" + READY)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    name = name.substring(0, name.length() - READY.length());
                    if (isWal(name) && Files.isRegularFile(wal.resolve(name)) && !isArchived(name)) {
                        names.add(name);
                    }
                }
            }
        }
        return names;
    }

    /**
     * Whether the archive has the file, and not other content under its name, as after the server was put back to an older
     * state: that was refused.
     */
    private boolean isArchived(String name) throws IOException {
        try {
            Optional<String> archived =
                    source.walArchive().content(WalFileName.parse(name)).map(ArchivedContent::sha256);
            return archived.isPresent() && archived.get().equalsIgnoreCase(sha256(wal.resolve(name)));
        } catch (DamagedObjectException e) {
            return false;
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return WalDigest.of(content, Long.MAX_VALUE);
        }
    }

    private static boolean isWal(String name) {
        try {
            WalFileName.parse(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Set<String> newSegments() throws IOException {
        Set<String> names = new TreeSet<>();
        RepositoryWal archive = new RepositoryWal(source);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(wal)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (WalSegmentName.isName(name) && isNew(WalSegmentName.parse(name), archive) && isItself(entry)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static boolean isNew(WalSegmentName segment, RepositoryWal archive) throws IOException {
        return archive.segmentNumbers(segment.timeline())
                .tailSet(segment.number(archive.segmentSize()), true)
                .isEmpty();
    }

    /** Whether a file is what its name says, and not an old segment that was renamed to be written anew. */
    private boolean isItself(Path file) throws IOException {
        WalSegmentName name = WalSegmentName.parse(file.getFileName().toString());
        Incarnation incarnation = source.incarnation();
        try (InputStream content = Files.newInputStream(file)) {
            WalSegmentHeader.read(name, content.readNBytes(WalSegmentHeader.BYTES))
                    .check(
                            name,
                            Files.size(file),
                            incarnation.systemIdentifier(),
                            incarnation.major(),
                            incarnation.segmentSize());
            return true;
        } catch (WalSegmentMismatchException e) {
            return false;
        }
    }

    private boolean saysSomething(Set<String> segments) throws IOException {
        for (String segment : segments) {
            if (saysSomething(WalSegmentName.parse(segment))) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is more in a segment than the checkpoints of a start and a stop. */
    private boolean saysSomething(WalSegmentName segment) throws IOException {
        WalReader reader = new WalReader(segment.start(source.incarnation().segmentSize()));
        byte[] chunk = new byte[CHUNK_BYTES];
        boolean first = true;
        try (InputStream content = Files.newInputStream(wal.resolve(segment.toString()))) {
            for (int read = content.readNBytes(chunk, 0, chunk.length);
                    read > 0 && !reader.hasEnded();
                    read = content.readNBytes(chunk, 0, chunk.length)) {
                // xlp_info of the page header, whose lowest bit is XLP_FIRST_IS_CONTRECORD: what the record before
                // says.
                if (first && (chunk[2] & CONTINUES_A_RECORD) != 0) {
                    return true;
                }
                first = false;
                reader.feed(ByteBuffer.wrap(chunk, 0, read));
                while (reader.next()) {
                    int manager = reader.record().resourceManager();
                    if (manager != ResourceManager.XLOG && manager != ResourceManager.STANDBY) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}

package org.pgark.physical.wal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentHeader;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.Incarnation;
import org.pgark.storage.NoSuchObjectException;

/** Fetches files of the archive of one repository. For several threads. */
public final class WalGet implements WalFetching {
    private final ArchiveAccess archives;

    /** From the archives of one cluster's name. */
    public WalGet(ArchiveAccess archives) {
        this.archives = Objects.requireNonNull(archives, "archives is null");
    }

    @Override
    public Optional<FetchedWal> fetch(SystemIdentifier system, WalFileName name, Path target)
            throws OperationException {
        try (ArchiveAccess.Use archive = archives.use(system)) {
            return get(archive, name, target, true);
        }
    }

    @Override
    public OptionalLong getArchived(SystemIdentifier system, WalFileName name, Path target) throws OperationException {
        try (ArchiveAccess.Use archive = archives.use(system)) {
            return size(get(archive, name, target, false));
        }
    }

    @Override
    public OptionalLong getOfNewest(WalFileName name, Path target) throws OperationException {
        try (ArchiveAccess.Use archive = archives.useNewest()) {
            return size(get(archive, name, target, true));
        }
    }

    private static OptionalLong size(Optional<FetchedWal> fetched) {
        return fetched.isPresent() ? OptionalLong.of(fetched.get().size()) : OptionalLong.empty();
    }

    private static Optional<FetchedWal> get(ArchiveAccess.Use archive, WalFileName name, Path target, boolean running)
            throws OperationException {
        Path unfinished = target.resolveSibling("." + target.getFileName() + "."
                + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try {
            FetchedWal fetched = running && name instanceof WalFileName.Segment(WalSegmentName segment)
                    ? RunningWal.get(archive, segment, unfinished)
                    : new FetchedWal(archive.repository().walArchive().get(name, unfinished), false);
            if (name instanceof WalFileName.Segment(WalSegmentName segment)) {
                check(segment, unfinished, fetched.size(), archive.repository().incarnation());
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(fetched);
        } catch (NoSuchObjectException e) {
            refuseHole(archive, name);
            return Optional.empty();
        } catch (IOException e) {
            throw WalFailures.of("wal_get_failed", "WAL file \"" + name + "\" cannot be fetched", e);
        } finally {
            discard(unfinished);
        }
    }

    /** A server that recovers would take the answer for the end of the WAL, and open there. */
    private static void refuseHole(ArchiveAccess.Use archive, WalFileName name) throws OperationException {
        try {
            if (name instanceof WalFileName.Segment(WalSegmentName segment)
                    && archive.repository()
                            .walArchive()
                            .contains(segment.next(
                                    archive.repository().incarnation().segmentSize()))) {
                if (archive.repository().walArchive().contains(segment)) {
                    throw new FailedException(
                            "wal_came_meanwhile",
                            "WAL segment \"" + name + "\" came into the archive while it was looked for",
                            "Ask for it again.");
                }
                throw new FailedException(
                        "wal_hole",
                        "WAL segment \"" + name + "\" is not in the archive, although the one after it is",
                        "Bring it into the archive with \"pgark wal push\", or recover to a target that lies before"
                                + " it.");
            }
        } catch (IOException e) {
            throw WalFailures.of("wal_get_failed", "WAL file \"" + name + "\" cannot be fetched", e);
        }
    }

    /** Whether it is that segment: PostgreSQL takes another one under its name for the end of the WAL. */
    private static void check(WalSegmentName segment, Path file, long size, Incarnation incarnation)
            throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            WalSegmentHeader.read(segment, content.readNBytes(WalSegmentHeader.BYTES))
                    .check(
                            segment,
                            size,
                            incarnation.systemIdentifier(),
                            incarnation.major(),
                            incarnation.segmentSize());
        }
    }

    private static void discard(Path unfinished) throws OperationException {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw WalFailures.of("wal_get_failed", "unfinished file \"" + unfinished + "\" cannot be removed", e);
        }
    }
}

package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.archive.DifferentContentException;
import org.pgark.repository.archive.PreparedWal;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.archive.PutSteps;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.frame.Compression;

/** Archives files of a data directory, each checked before it is taken. For several threads. */
public final class WalPush implements WalPushing {
    private final ArchiveAccess archives;
    private final Compression compression;

    /** Into the archives of one cluster's name, compressed as is usual. */
    public WalPush(ArchiveAccess archives) {
        this(archives, Compression.DEFAULT);
    }

    /** Into the archives of one cluster's name. */
    public WalPush(ArchiveAccess archives, Compression compression) {
        this.archives = Objects.requireNonNull(archives, "archives is null");
        this.compression = Objects.requireNonNull(compression, "compression is null");
    }

    /** What is done with one file. */
    private interface Work<T> {
        T done() throws IOException, OperationException;
    }

    /**
     * Archives one file. When this returns, it is durable in the archive.
     *
     * @param dataDirectory of the cluster that the file belongs to
     * @param file a segment or its {@code .partial} form, a {@code .history} or a {@code .backup} file
     * @param steps is told how far it is
     * @throws RefusedException if the file is not what its name says, is another cluster's, or has other content than
     *     the file that is archived under its name
     * @throws FailedException if it cannot be read, or the repository cannot be written
     */
    @Override
    public PushedFile push(Path dataDirectory, Path file, PutSteps steps) throws OperationException {
        WalFileName name = nameOf(file);
        ControlFile control = control(dataDirectory);
        return told(name, file, () -> {
            try (ArchiveAccess.Use archive = archives.use(control.systemIdentifier())) {
                FileIdentity before = FileIdentity.of(file);
                PutResult result = put(archive.repository(), name, source(name, file, control), steps);
                refuseChanged(file, before);
                return new PushedFile(name, file, result, control.systemIdentifier(), before, archive.place());
            }
        });
    }

    /**
     * Reads one file that is to be archived in several places.
     *
     * @throws OperationException as {@link #push(Path, Path, PutSteps)}
     */
    public static CheckedWalFile read(Path dataDirectory, Path file, Compression compression, InstantSource clock)
            throws OperationException {
        WalFileName name = nameOf(file);
        ControlFile control = control(dataDirectory);
        return told(name, file, () -> {
            FileIdentity before = FileIdentity.of(file);
            // Refuses the file here if it is not what its name says; later it is the same.
            WalSource first = source(name, file, control);
            PreparedWal.Sources sources = first instanceof SegmentSource segment ? segment::again : () -> first;
            PreparedWal content = PreparedWal.read(name, sources, compression, clock);
            refuseChanged(file, before);
            return new CheckedWalFile(name, file, control.systemIdentifier(), before, content);
        });
    }

    /** Archives a file that was read already. When this returns, it is durable in the archive. */
    public PushedFile push(CheckedWalFile file, PutSteps steps) throws OperationException {
        return told(file.name(), file.file(), () -> {
            try (ArchiveAccess.Use archive = archives.use(file.system())) {
                PutResult result = archive.repository().walArchive().put(file.content(), steps);
                return new PushedFile(
                        file.name(), file.file(), result, file.system(), file.identity(), archive.place());
            }
        });
    }

    private static void refuseChanged(Path file, FileIdentity before) throws IOException, FailedException {
        if (!FileIdentity.of(file).equals(before)) {
            throw new FailedException(
                    "wal_file_changed", "WAL file \"" + file + "\" was changed while it was archived", "");
        }
    }

    private static <T> T told(WalFileName name, Path file, Work<T> work) throws OperationException {
        try {
            return work.done();
        } catch (WalSegmentMismatchException e) {
            throw new RefusedException("wal_file_mismatch", String.valueOf(e.getMessage()), "", e);
        } catch (DifferentContentException e) {
            throw new RefusedException(
                    "wal_content_differs",
                    String.valueOf(e.getMessage()),
                    "The archived file stays. If this data directory is a copy of another cluster's or was rolled back"
                            + " to an older state, give it a cluster name of its own with \"pgark init\"; if it is the"
                            + " right one, find out which other server archives under this name.",
                    e);
        } catch (NoSuchFileException e) {
            throw new FailedException("wal_file_missing", "WAL file \"" + file + "\" does not exist", "", e);
        } catch (IOException e) {
            throw WalFailures.of("wal_push_failed", "WAL file \"" + name + "\" cannot be archived", e);
        }
    }

    @Override
    public boolean covers(Verdict verdict, Path dataDirectory, Path file) throws OperationException {
        ControlFile control = control(dataDirectory);
        try (ArchiveAccess.Use archive = archives.use(control.systemIdentifier())) {
            return verdict.system().equals(control.systemIdentifier())
                    && verdict.dataDirectory().equals(dataDirectory.toString())
                    && verdict.file().equals(FileIdentity.of(file).toString())
                    && verdict.place().repository().equals(archive.place().repository());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw WalFailures.of("wal_file_unreadable", "WAL file \"" + file + "\" cannot be looked at", e);
        }
    }

    private PutResult put(ClusterRepository repository, WalFileName name, WalSource source, PutSteps steps)
            throws IOException {
        if (compression.equals(Compression.DEFAULT)) {
            return repository.walArchive().put(name, source, steps);
        }
        try (WalArchive archive = repository.walArchive(compression)) {
            return archive.put(name, source, steps);
        }
    }

    private static WalFileName nameOf(Path file) throws RefusedException {
        try {
            return WalFileName.parse(String.valueOf(file.getFileName()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException("invalid_wal_file_name", String.valueOf(e.getMessage()), "", e);
        }
    }

    private static ControlFile control(Path dataDirectory) throws FailedException {
        try {
            return ControlFile.read(dataDirectory);
        } catch (IOException e) {
            throw WalFailures.of(
                    "control_file_unreadable", "pg_control of \"" + dataDirectory + "\" cannot be read", e);
        }
    }

    private static WalSource source(WalFileName name, Path file, ControlFile control)
            throws IOException, RefusedException {
        return switch (name) {
            case WalFileName.Segment segment -> new SegmentSource(segment.name(), file, control);
            case WalFileName.Partial partial -> new SegmentSource(partial.name(), file, control);
            case WalFileName.History history -> TextSource.history(history.timeline(), file);
            case WalFileName.BackupHistory backup -> TextSource.backupHistory(backup, file);
        };
    }
}

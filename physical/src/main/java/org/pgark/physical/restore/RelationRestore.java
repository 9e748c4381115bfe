package org.pgark.physical.restore;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.RelationName;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackSummary;

/**
 * Fetches the files of single relations, with their indexes and TOAST tables, into a folder, and reads nothing else.
 *
 * <p>The files are as the backup copied them: pages may be torn or not yet vacuumed, and without the WAL of the backup
 * they are no consistent table. They are for people who repair a cluster, and for tools that read pages.
 */
public final class RelationRestore {
    private final Repository repository;
    private final ProgressListener progress;

    /** Reads from {@code repository}. */
    public RelationRestore(Repository repository, ProgressListener progress) {
        this.repository = repository;
        this.progress = progress;
    }

    /**
     * Fetches files.
     *
     * @param backup an id or the beginning of one, {@code latest}, or empty for the newest
     * @param to a directory that is empty or not there; the files keep their paths in it
     */
    public RelationOutcome run(String cluster, Optional<String> backup, List<QualifiedName> relations, Path to)
            throws OperationException, IOException {
        BackupChoice choice = BackupChoice.of(repository, cluster, backup);
        BackupRecord record = choice.named().orElse(choice.backups().getLast());
        if (!DestinationCheck.isEmpty(to)) {
            throw new RefusedException("not_empty", "directory \"" + to + "\" is not empty", "Name an empty one.");
        }
        try {
            return fetch(choice.source(), record, relations, to);
        } catch (IOException e) {
            throw new FailedException(
                    "restore_failed",
                    "restore of relations from backup \"" + record.id() + "\" to \"" + to + "\" failed: "
                            + Failure.describe(e),
                    "",
                    e);
        }
    }

    private RelationOutcome fetch(ClusterRepository source, BackupRecord record, List<QualifiedName> relations, Path to)
            throws IOException, RefusedException {
        StreamRoot names = record.relationNames()
                .orElseThrow(() -> new RefusedException(
                        "no_relation_names",
                        "backup \"" + record.id() + "\" does not know the names of its relations",
                        ""));
        List<RelationOutcome.RestoredFile> files = new ArrayList<>();
        try (FrameReader frames = source.frameReader();
                FrameReader nameFrames = source.frameReader()) {
            ManifestReader manifest = new ManifestReader(frames, record.manifest());
            RelationNamesReader known = new RelationNamesReader(nameFrames, names);
            List<Found> found = new ArrayList<>();
            for (QualifiedName relation : relations) {
                RelationName name = known.find(relation.database(), relation.schema(), relation.name())
                        .orElseThrow(() -> new RefusedException(
                                "unknown_relation",
                                "backup \"" + record.id() + "\" has no relation \"" + relation + "\"",
                                ""));
                for (String path : name.paths()) {
                    if (manifest.find(path).orElse(null) instanceof ManifestEntry.File file) {
                        found.add(new Found(relation, file));
                    }
                }
            }
            progress.phase("fetching relations");
            progress.total(
                    found.size(),
                    found.stream().mapToLong(one -> one.file().size()).sum());
            Files.createDirectories(to);
            RangeWriter writer = new RangeWriter(frames);
            for (Found one : found) {
                writer.write(manifest, one.file(), to);
                files.add(new RelationOutcome.RestoredFile(
                        one.relation(), one.file().path(), one.file().size()));
            }
            return new RelationOutcome(
                    record.id().toString(),
                    files,
                    writer.readBytes,
                    source.packs(record.id()).stream()
                            .mapToLong(PackSummary::size)
                            .sum());
        }
    }

    private record Found(QualifiedName relation, ManifestEntry.File file) {}

    /** Writes files one by one, keeping the last frame that was read. */
    private final class RangeWriter {
        private final FrameReader frames;
        private final Set<FrameAddress> read = new HashSet<>();
        private long readBytes;
        private Optional<FrameAddress> loaded = Optional.empty();
        private byte[] raw = new byte[0];

        RangeWriter(FrameReader frames) {
            this.frames = frames;
        }

        void write(ManifestReader manifest, ManifestEntry.File file, Path to) throws IOException {
            Path place = to.resolve(file.path()).normalize();
            if (!place.startsWith(to)) {
                throw new IOException("path \"" + file.path() + "\" leads out of \"" + to + "\"");
            }
            Files.createDirectories(place.getParent());
            if (file.content() instanceof FileContent.Mapped(List<FramePart> maps)) {
                maps.forEach(map -> count(map.frame()));
            }
            try (RandomAccessFile target = new RandomAccessFile(place.toFile(), "rw")) {
                ManifestReader.ExtentCursor extents = manifest.extents(file);
                for (Optional<Extent> next = extents.next(); next.isPresent(); next = extents.next()) {
                    append(target, next.get());
                    progress.advanced(next.get().length());
                }
                target.setLength(file.size());
                target.getFD().sync();
            }
        }

        private void append(RandomAccessFile target, Extent extent) throws IOException {
            switch (extent) {
                case Extent.Zeros(long length) -> target.seek(target.getFilePointer() + length);
                case Extent.Stored(FramePart part) -> {
                    load(part.frame());
                    target.write(raw, part.offset(), part.length());
                }
            }
        }

        private void load(FrameAddress frame) throws IOException {
            if (loaded.isPresent() && loaded.get().equals(frame)) {
                return;
            }
            loaded = Optional.empty();
            if (raw.length < frame.rawLength()) {
                raw = new byte[frame.rawLength()];
            }
            frames.read(frame, raw);
            loaded = Optional.of(frame);
            count(frame);
        }

        private void count(FrameAddress frame) {
            if (read.add(frame)) {
                readBytes += frame.storedLength();
            }
        }
    }
}

package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.ManifestWriter;
import org.pgark.postgres.manifest.WalRange;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * The manifest by which a server of version 17 or later knows of which files only the changes have to come: the others are
 * not in it. Those are maps of visible and free space, since servers before 17.11 and 18.6 miss changes of them; files that
 * were cut since, because what they have there now may never have been written to WAL; files of which the base has damaged
 * pages or frames; and a share of all, in turn, so that an error cannot live for ever.
 */
final class UploadedManifest implements AutoCloseable {
    private static final byte[] NO_CHECKSUM = {};

    private final Path file;
    private final long listed;

    private UploadedManifest(Path file, long listed) {
        this.file = file;
        this.listed = listed;
    }

    /**
     * Writes it into a temporary file, which goes when this is closed.
     *
     * @param cut tells which files were cut since the base began
     * @param turn which share is left out this time
     * @param recheck one in so many files is left out; 0 for none
     * @param leftOut is told which are left out because it is their turn
     */
    static UploadedManifest of(
            BackupRecord base,
            ManifestReader manifest,
            KnownContent known,
            Predicate<RelationPath> cut,
            int turn,
            int recheck,
            Consumer<String> leftOut)
            throws IOException {
        Path folder = Files.createTempDirectory("pgark-backup-");
        Path file = folder.resolve("backup_manifest");
        boolean kept = false;
        try (ManifestWriter writer =
                new ManifestWriter(file, base.server().systemIdentifier().value())) {
            long listed = 0;
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (entry.get() instanceof ManifestEntry.File one && isReliable(one, cut) && known.isReadable(one)) {
                    if (isTurnOf(one.path(), turn, recheck)) {
                        leftOut.accept(one.path());
                        continue;
                    }
                    writer.add(
                            new ManifestFile(one.path(), one.size(), ManifestChecksum.NONE, NO_CHECKSUM),
                            one.attributes().modified());
                    listed++;
                }
            }
            writer.commit(List.of(new WalRange(
                    base.wal().startTimeline().id(),
                    base.wal().redoLsn(),
                    base.wal().stopLsn())));
            kept = true;
            return new UploadedManifest(file, listed);
        } finally {
            if (!kept) {
                remove(file);
            }
        }
    }

    /** One of the files that may be in it and that were cut, if there is one. */
    static Optional<String> oneThatWasCut(ManifestReader manifest, Predicate<RelationPath> cut) throws IOException {
        ManifestReader.Cursor entries = manifest.entries();
        for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
            if (entry.get() instanceof ManifestEntry.File one && isReliable(one, _ -> false) && !isReliable(one, cut)) {
                return Optional.of(one.path());
            }
        }
        return Optional.empty();
    }

    private static boolean isReliable(ManifestEntry.File file, Predicate<RelationPath> cut) {
        return file.damagedPages().isEmpty()
                && file.size() % IncrementalHeader.PAGE == 0
                && RelationPath.parse(file.path())
                        .filter(path ->
                                path.file().fork() == Fork.MAIN || path.file().fork() == Fork.INIT)
                        .filter(cut.negate())
                        .isPresent();
    }

    private static boolean isTurnOf(String path, int turn, int recheck) {
        return recheck > 0 && Math.floorMod(path.hashCode() * 31 + turn, recheck) == 0;
    }

    /** Where it is. */
    Path file() {
        return file;
    }

    /** Of how many files only the changes have to come. */
    long listed() {
        return listed;
    }

    private static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(java.util.Objects.requireNonNull(file.getParent()));
    }

    @Override
    public void close() throws IOException {
        remove(file);
    }
}

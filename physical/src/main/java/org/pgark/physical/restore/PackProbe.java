package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.storage.NoSuchObjectException;

/**
 * Makes sure, before anything is removed for it, that a backup can be had: its page maps are read, and of each pack the
 * hindmost frame that a file needs.
 */
final class PackProbe {
    private final Map<ObjectId, FrameAddress> hindmost = new LinkedHashMap<>();

    private PackProbe() {}

    /**
     * Probes all packs of a backup that hold files.
     *
     * @throws RefusedException if one is missing
     * @throws org.pgark.repository.frame.DamagedObjectException if one is too short, or damaged there
     */
    static void probe(ClusterRepository source, BackupRecord backup) throws IOException, RefusedException {
        try (FrameReader frames = source.frameReader()) {
            PackProbe probe = new PackProbe();
            probe.find(new ManifestReader(frames, backup.manifest()));
            probe.read(frames);
        } catch (NoSuchObjectException e) {
            throw missing(backup, e);
        }
    }

    /** Says that an object that a backup needs is not there. */
    static RefusedException missing(BackupRecord backup, NoSuchObjectException cause) {
        return new RefusedException(
                "missing_object",
                "backup \"" + backup.id() + "\" cannot be read: " + cause.getMessage(),
                "Bring the object back, or restore another backup.",
                cause);
    }

    private void find(ManifestReader manifest) throws IOException {
        ManifestReader.Cursor entries = manifest.entries();
        for (Optional<ManifestEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
            if (next.get() instanceof ManifestEntry.File file) {
                switch (file.content()) {
                    case FileContent.Empty() -> {}
                    case FileContent.Single(Extent extent) -> note(extent);
                    case FileContent.Mapped mapped -> {
                        ManifestReader.ExtentCursor extents = manifest.extents(file);
                        for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
                            note(extent.get());
                        }
                    }
                }
            }
        }
    }

    private void note(Extent extent) {
        if (extent instanceof Extent.Stored stored) {
            FrameAddress frame = stored.part().frame();
            FrameAddress known = hindmost.get(frame.pack());
            if (known == null || known.offset() < frame.offset()) {
                hindmost.put(frame.pack(), frame);
            }
        }
    }

    private void read(FrameReader frames) throws IOException {
        ByteBuffer raw = ByteBuffer.allocateDirect(hindmost.values().stream()
                .mapToInt(FrameAddress::rawLength)
                .max()
                .orElse(0));
        for (FrameAddress frame : hindmost.values()) {
            frames.read(frame, raw.clear());
        }
    }
}

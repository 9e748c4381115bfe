package org.pgark.physical.restore;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.pgark.physical.BackupPin;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.OperationException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.SessionKind;
import org.pgark.repository.copy.FrameTwins;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.FrameRescue;

/**
 * What a restore takes from other packs, or from other repositories that have the same backup, because it is damaged where
 * it should be; each frame is told once.
 */
final class Rescue implements AutoCloseable {
    private final FrameReader reader;
    private final FrameRescue rescue;
    private final ClusterRepository source;
    private final BackupRecord backup;
    private final List<FurtherSource> further;
    private final ProgressListener progress;
    private final Set<FrameAddress> rescued = ConcurrentHashMap.newKeySet();
    private final Map<String, Optional<Twins>> opened = new HashMap<>();

    Rescue(ClusterRepository source, BackupRecord backup, List<FurtherSource> further, ProgressListener progress) {
        this.reader = source.frameReader();
        this.rescue = source.frameRescue(reader);
        this.source = source;
        this.backup = backup;
        this.further = further;
        this.progress = progress;
    }

    /** A further source that is open. */
    private record Twins(FrameTwins frames, BackupPin pin) {}

    /** The content of a frame that cannot be read; empty if it is nowhere else. */
    Optional<byte[]> content(FrameAddress frame, IOException failure) throws IOException {
        Optional<byte[]> elsewhere = Optional.empty();
        try {
            Optional<FrameRescue.Rescued> found = rescue.rescue(frame);
            if (found.isPresent()) {
                tell(
                        frame,
                        failure,
                        found.get().from().stream().map(pack -> "pack " + pack).collect(Collectors.joining(", ")));
                return found.map(FrameRescue.Rescued::content);
            }
        } catch (IOException e) {
            // Where the repository fails altogether, another one may have it.
            failure.addSuppressed(e);
        }
        for (FurtherSource one : further) {
            elsewhere = from(one, frame);
            if (elsewhere.isPresent()) {
                tell(frame, failure, "repository " + one.name());
                break;
            }
        }
        return elsewhere;
    }

    private synchronized Optional<byte[]> from(FurtherSource one, FrameAddress frame) {
        try {
            Optional<Twins> twins = opened.get(one.name());
            if (twins == null) {
                // Not again for each frame, if it cannot be opened.
                opened.put(one.name(), Optional.empty());
                ClusterRepository there = one.opening().open();
                FrameTwins frames = new FrameTwins(source, backup, there);
                twins = Optional.of(new Twins(frames, BackupPin.of(there, SessionKind.RESTORE, backup, progress)));
                opened.put(one.name(), twins);
            }
            return twins.isPresent() ? twins.get().frames().content(frame) : Optional.empty();
        } catch (IOException | OperationException e) {
            progress.warning("repository " + one.name() + " cannot help: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void tell(FrameAddress frame, IOException failure, String place) {
        if (rescued.add(frame)) {
            progress.warning(failure.getMessage() + "; the same content was found in " + place);
        }
    }

    /** How many frames were rescued. */
    int frames() {
        return rescued.size();
    }

    @Override
    public synchronized void close() {
        reader.close();
        for (Optional<Twins> twins : opened.values()) {
            if (twins.isPresent()) {
                twins.get().frames().close();
                twins.get().pin().close();
            }
        }
    }
}

package org.pgark.physical.restore;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.FrameRescue;

/** What a restore takes from other packs, because it is damaged where it should be; each frame is told once. */
final class Rescue implements AutoCloseable {
    private final FrameReader reader;
    private final FrameRescue rescue;
    private final ProgressListener progress;
    private final Map<FrameAddress, List<ObjectId>> rescued = new ConcurrentHashMap<>();

    Rescue(ClusterRepository source, ProgressListener progress) {
        this.reader = source.frameReader();
        this.rescue = source.frameRescue(reader);
        this.progress = progress;
    }

    /** The content of a frame that cannot be read; empty if it is nowhere else. */
    Optional<byte[]> content(FrameAddress frame, IOException failure) throws IOException {
        Optional<FrameRescue.Rescued> found = rescue.rescue(frame);
        if (found.isPresent() && rescued.put(frame, found.get().from()) == null) {
            progress.warning(failure.getMessage() + "; the same content was found in "
                    + found.get().from().stream().map(pack -> "pack " + pack).collect(Collectors.joining(", ")));
        }
        return found.map(FrameRescue.Rescued::content);
    }

    /** How many frames were rescued. */
    int frames() {
        return rescued.size();
    }

    @Override
    public void close() {
        reader.close();
    }
}

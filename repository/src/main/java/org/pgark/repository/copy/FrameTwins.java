package org.pgark.repository.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.FrameReader;

/**
 * Reads frames of a backup from another repository that has the same backup. Where a frame is there follows from the
 * manifests of both, file by file and extent by extent, so that nothing of the frame itself is needed. For several threads,
 * one after the other.
 */
public final class FrameTwins implements AutoCloseable {
    /** Each costs a walk through both manifests: where more is lost, the other repository as a whole is the better source. */
    private static final int MOST_PACKS = 32;

    private final FrameReader here;
    private final FrameReader there;
    private final BackupRecord backup;
    private final Optional<BackupRecord> twin;
    private final Map<ObjectId, Map<FrameAddress, FrameAddress>> packs = new HashMap<>();

    /** Nothing is read yet but what the logs say. */
    public FrameTwins(ClusterRepository here, BackupRecord backup, ClusterRepository there) throws IOException {
        this.backup = backup;
        this.twin = there.find(backup.id().value()).stream()
                .filter(other -> isSame(backup, other))
                .findFirst();
        this.here = here.frameReader();
        this.there = there.frameReader();
    }

    private static boolean isSame(BackupRecord one, BackupRecord other) {
        return one.server().systemIdentifier().equals(other.server().systemIdentifier())
                && one.wal().startLsn().equals(other.wal().startLsn())
                && one.wal().stopLsn().equals(other.wal().stopLsn())
                && one.startTime().equals(other.startTime());
    }

    /** The raw bytes of a frame, from the other repository; empty if that has not the same, or too much is asked for. */
    public synchronized Optional<byte[]> content(FrameAddress frame) throws IOException {
        if (twin.isEmpty() || (!packs.containsKey(frame.pack()) && packs.size() >= MOST_PACKS)) {
            return Optional.empty();
        }
        Map<FrameAddress, FrameAddress> known = packs.get(frame.pack());
        if (known == null) {
            known = new FileWalk(
                            here,
                            there,
                            backup.manifest(),
                            Optional.of(backup.manifest()),
                            Optional.of(twin.get().manifest()))
                    .twins(frame.pack());
            packs.put(frame.pack(), known);
        }
        FrameAddress other = known.get(frame);
        if (other == null) {
            return Optional.empty();
        }
        byte[] content = new byte[other.rawLength()];
        there.read(other, ByteBuffer.wrap(content));
        return Optional.of(content);
    }

    @Override
    public void close() {
        here.close();
        there.close();
    }
}

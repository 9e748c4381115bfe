package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.pack.PackWriter;

/** The tools of one worker: its open pack, one frame's buffer, its page inspector. */
final class Packer implements AutoCloseable {
    /** Raw bytes of a frame: 32 pages. */
    static final int FRAME_BYTES = 256 << 10;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(FRAME_BYTES).asReadOnlyBuffer();

    private final PackWriter packs;
    private final Optional<PageInspector> inspector;
    private final int relationSegmentBlocks;
    private final ProgressListener progress;
    private final AtomicBoolean cancelled;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES);

    /**
     * @param inspector absent where pages carry no checksums
     * @param relationSegmentBlocks pages of a relation's file before the next one begins
     * @param cancelled set when the backup is given up
     */
    Packer(
            PackWriter packs,
            Optional<PageInspector> inspector,
            int relationSegmentBlocks,
            ProgressListener progress,
            AtomicBoolean cancelled) {
        this.packs = packs;
        this.inspector = inspector;
        this.relationSegmentBlocks = relationSegmentBlocks;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    PackWriter packs() {
        return packs;
    }

    /** The buffer in which the next frame is put together. */
    ByteBuffer frame() {
        return frame;
    }

    /** Whether everything in the frame's buffer up to its position is zero. */
    boolean frameIsZero() {
        ByteBuffer content = frame.duplicate().flip();
        return content.mismatch(ZEROS.slice(0, content.remaining())) < 0;
    }

    /** Appends what is in the frame's buffer up to its position, and empties the buffer. */
    FrameAddress appendFrame() throws IOException {
        frame.flip();
        FrameAddress address = packs.append(frame);
        frame.clear();
        return address;
    }

    /**
     * Reads from a place of the file into the frame's buffer until that has reached its limit or the file ends, and
     * inspects the pages.
     *
     * @return the damaged pages
     */
    List<PageDamage> read(SourceFile file, FileChannel channel, long position)
            throws IOException, FailedException, InterruptedException {
        if (cancelled.get()) {
            throw new InterruptedException();
        }
        int begin = frame.position();
        List<PageDamage> damages;
        try {
            WholeRead.fill(channel, position, frame);
            damages = inspect(file, channel, position, begin);
        } catch (ConnectionException e) {
            // Only pages that claim to be newer than the backup are asked the server about.
            throw e;
        } catch (IOException e) {
            throw UnreadableFile.failure(file.path(), e);
        }
        progress.advanced(frame.position() - begin);
        return damages;
    }

    private List<PageDamage> inspect(SourceFile file, FileChannel channel, long position, int begin)
            throws IOException {
        if (inspector.isEmpty()) {
            return List.of();
        }
        Optional<RelationPath> relation = RelationPath.parse(file.path());
        if (relation.isEmpty()) {
            return List.of();
        }
        long firstBlock = (long) relation.get().file().segment() * relationSegmentBlocks;
        return inspector.get().inspect(channel, position, frame, begin, frame.position() - begin, firstBlock);
    }

    @Override
    public void close() throws IOException {
        packs.close();
    }
}

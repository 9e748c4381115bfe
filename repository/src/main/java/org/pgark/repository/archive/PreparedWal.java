package org.pgark.repository.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.ObjectId;

/**
 * A WAL file that was read, checked and compressed once, to be put into several archives. Held in memory whole, as it will
 * be stored; never changed, for several threads.
 */
public final class PreparedWal {
    private static final ObjectId NO_PACK = new ObjectId(0, 0);

    private final WalFileName name;
    private final Sources sources;
    private final List<Frame> frames;
    private final ArchivedContent content;
    private final byte[] facts;
    private final Optional<byte[]> changes;

    @SuppressWarnings("ArrayRecordComponent")
    private record Frame(byte[] stored, int rawLength, Codec codec) {}

    /** Opens the file anew, for one thread. */
    @FunctionalInterface
    public interface Sources {
        /** The file from its beginning. */
        WalSource fresh() throws IOException;
    }

    private PreparedWal(
            WalFileName name,
            Sources sources,
            List<Frame> frames,
            ArchivedContent content,
            byte[] facts,
            Optional<byte[]> changes) {
        this.name = name;
        this.sources = sources;
        this.frames = List.copyOf(frames);
        this.content = content;
        this.facts = facts;
        this.changes = changes;
    }

    /** Reads a file. */
    public static PreparedWal read(WalFileName name, Sources sources, Compression compression, InstantSource clock)
            throws IOException {
        WalSource source = sources.fresh();
        try (WalBuffers buffers = new WalBuffers(compression);
                ReadableByteChannel channel = source.open()) {
            buffers.restart();
            List<Frame> frames = new ArrayList<>();
            ByteBuffer raw = buffers.next(channel);
            while (raw.hasRemaining()) {
                int rawLength = raw.remaining();
                byte[] stored = buffers.compressor().compressed(raw);
                frames.add(new Frame(stored, rawLength, buffers.compressor().codec()));
                raw = buffers.next(channel);
            }
            ArchivedContent content = new ArchivedContent(buffers.hash(), buffers.size(), clock.instant());
            return new PreparedWal(name, sources, frames, content, source.facts(), source.changes());
        }
    }

    /** The file's name. */
    public WalFileName name() {
        return name;
    }

    /** The file itself. */
    WalSource source() throws IOException {
        return sources.fresh();
    }

    ArchivedContent content() {
        return content;
    }

    void writeTo(FramedObjectWriter writer) throws IOException {
        for (Frame frame : frames) {
            FrameAddress like = new FrameAddress(NO_PACK, 0, 0, frame.stored.length, frame.rawLength, frame.codec);
            writer.appendStored(ByteBuffer.wrap(frame.stored), like, FrameRole.DATA);
        }
        new ArchivedFacts(content, facts).writeTo(writer, changes);
    }
}

package org.pgark.repository.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameCompressor;
import org.pgark.repository.frame.FrameDecoder;

/** What one thread needs to put or get files: some MiB of buffers. Not for several threads at once. */
final class WalBuffers implements AutoCloseable {
    /** How many raw bytes go into a frame. */
    static final int FRAME_LENGTH = 1 << 20;

    private final ByteBuffer raw = ByteBuffer.allocateDirect(FRAME_LENGTH);
    private final FrameCompressor compressor;
    private final FrameDecoder decoder = new FrameDecoder();
    private MessageDigest sha256 = WalDigest.create();
    private long size;

    WalBuffers(Compression compression) {
        this.compressor = new FrameCompressor(compression);
    }

    FrameCompressor compressor() {
        return compressor;
    }

    FrameDecoder decoder() {
        return decoder;
    }

    /** Room for one frame of {@code length} bytes. */
    ByteBuffer room(int length) {
        return length <= FRAME_LENGTH ? raw.clear() : ByteBuffer.allocate(length);
    }

    /** Begins to count and hash bytes. */
    void restart() {
        sha256 = WalDigest.emptied(sha256);
        size = 0;
    }

    /** The next frame's bytes of a file, counted and hashed; none at its end. */
    ByteBuffer next(ReadableByteChannel channel) throws IOException {
        raw.clear();
        int count = 0;
        while (raw.hasRemaining() && count >= 0) {
            count = channel.read(raw);
        }
        add(raw.flip());
        return raw;
    }

    /** Counts and hashes the remaining bytes, whose position does not move. */
    void add(ByteBuffer bytes) {
        size += bytes.remaining();
        int position = bytes.position();
        sha256.update(bytes);
        bytes.position(position);
    }

    /** How many bytes there were. */
    long size() {
        return size;
    }

    /** Their hash; asked once. */
    String hash() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public void close() {
        compressor.close();
        decoder.close();
    }
}

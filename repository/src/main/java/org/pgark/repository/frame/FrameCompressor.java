package org.pgark.repository.frame;

import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/** Compresses frames, one after the other, into one buffer of its own. Not for several threads. */
public final class FrameCompressor implements AutoCloseable {
    private static final int USUAL_RAW_LENGTH = 256 << 10;
    private static final int SMALL_RAW_LENGTH = 4 << 10;

    private final Compression compression;
    private @Nullable ZstdCompressCtx zstd;
    private @Nullable LZ4Compressor lz4;
    private ByteBuffer output = ByteBuffer.allocate(0);
    private ByteBuffer copy = ByteBuffer.allocate(0);
    private Codec codec = Codec.NONE;

    /** Compresses as {@code compression} says; native libraries are loaded when the first frame comes. */
    public FrameCompressor(Compression compression) {
        this.compression = compression;
    }

    /**
     * Compresses all remaining bytes of {@code raw}, whose position does not move.
     *
     * @return a buffer whose position is behind the stored bytes, which begin at 0, and which has room for a tag; valid
     *     until the next call
     */
    ByteBuffer compress(ByteBuffer raw) {
        int rawLength = raw.remaining();
        reserve(rawLength);
        output.clear();
        codec = compression.codec();
        int length = switch (codec) {
            case NONE -> rawLength;
            case ZSTD -> zstd(direct(raw));
            case LZ4 -> lz4(direct(raw));
        };
        return length < rawLength ? output.position(length) : keep(raw);
    }

    /** Like {@link #compress}, but leaves the bytes as they are. */
    ByteBuffer keep(ByteBuffer raw) {
        int rawLength = raw.remaining();
        reserve(rawLength);
        codec = Codec.NONE;
        output.clear().put(0, raw, raw.position(), rawLength);
        return output.position(rawLength);
    }

    /** Compresses all remaining bytes of {@code raw} into an array of their own; {@link #codec} says what they are then. */
    public byte[] compressed(ByteBuffer raw) {
        ByteBuffer stored = compress(raw).flip();
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        return bytes;
    }

    /** What the last frame ended up as. */
    public Codec codec() {
        return codec;
    }

    private void reserve(int rawLength) {
        // More than either library asks for: 1/256 and 64 bytes of Zstandard, 1/255 and 16 bytes of LZ4.
        int usual = rawLength <= SMALL_RAW_LENGTH ? SMALL_RAW_LENGTH : Math.max(rawLength, USUAL_RAW_LENGTH);
        int capacity = usual / 128 * 129 + 1024 + FrameSeal.TAG_LENGTH;
        if (output.capacity() < capacity) {
            output = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private ByteBuffer direct(ByteBuffer raw) {
        if (raw.isDirect()) {
            return raw;
        }
        int length = raw.remaining();
        if (copy.capacity() < length) {
            copy = ByteBuffer.allocateDirect(Math.max(length, USUAL_RAW_LENGTH));
        }
        copy.clear().put(0, raw, raw.position(), length);
        return copy.limit(length);
    }

    private int zstd(ByteBuffer raw) {
        if (zstd == null) {
            zstd = new ZstdCompressCtx();
            zstd.setLevel(compression.level()).setContentSize(false).setChecksum(false);
        }
        return zstd.compressDirectByteBuffer(
                output, 0, output.capacity() - FrameSeal.TAG_LENGTH, raw, raw.position(), raw.remaining());
    }

    private int lz4(ByteBuffer raw) {
        if (lz4 == null) {
            lz4 = LZ4Factory.fastestInstance().fastCompressor();
        }
        return lz4.compress(raw, raw.position(), raw.remaining(), output, 0, output.capacity() - FrameSeal.TAG_LENGTH);
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}

package org.pgark.repository.frame;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.ObjectName;

/** Reads, checks and decompresses frames, one after the other. Not for several threads. */
public final class FrameDecoder implements AutoCloseable {
    private static final int USUAL_LENGTH = 256 << 10;
    /** So that a log entry, of which each is read by a decoder of its own, costs little. */
    private static final int SMALL_LENGTH = 4 << 10;

    private @Nullable ZstdDecompressCtx zstd;
    private @Nullable LZ4SafeDecompressor lz4;
    private ByteBuffer stored = ByteBuffer.allocate(0);

    /** Allocates nothing yet; buffers grow with the frames. */
    public FrameDecoder() {}

    /** Reads a frame into {@code target} from its position on; the position moves behind it. */
    void read(ByteRanges bytes, ObjectName name, FrameSeal seal, FrameAddress address, boolean last, ByteBuffer target)
            throws IOException {
        if (target.remaining() < address.rawLength()) {
            throw new IllegalArgumentException(
                    "a frame of " + address.rawLength() + " bytes does not fit into " + target.remaining());
        }
        fetchChecked(bytes, name, seal, address, last);
        int rawLength = decompress(name, address, target);
        if (rawLength != address.rawLength()) {
            throw new DamagedObjectException(
                    name,
                    "frame " + address.frame() + " has " + rawLength + " bytes instead of " + address.rawLength());
        }
        target.position(target.position() + rawLength);
    }

    /** Reads a frame as it is stored and checks its tag; the bytes are valid until the next call. */
    ByteBuffer readStored(ByteRanges bytes, ObjectName name, FrameSeal seal, FrameAddress address) throws IOException {
        fetchChecked(bytes, name, seal, address, false);
        return stored.slice(0, address.storedLength());
    }

    /** The raw bytes of the frame that was read last as it is stored. */
    byte[] decompressed(ObjectName name, FrameAddress address) throws IOException {
        byte[] raw = new byte[address.rawLength()];
        int length = decompress(name, address, ByteBuffer.wrap(raw));
        if (length != raw.length) {
            throw new DamagedObjectException(
                    name, "frame " + address.frame() + " has " + length + " bytes instead of " + raw.length);
        }
        return raw;
    }

    private void fetchChecked(ByteRanges bytes, ObjectName name, FrameSeal seal, FrameAddress address, boolean last)
            throws IOException {
        fetch(bytes, name, address);
        int length = address.storedLength();
        if (!seal.open(stored, length, address.frame(), address.codec(), last, address.rawLength())) {
            throw new DamagedObjectException(name, "frame " + address.frame() + " does not match its tag");
        }
    }

    private void fetch(ByteRanges bytes, ObjectName name, FrameAddress address) throws IOException {
        int length = address.storedLength() + FrameSeal.TAG_LENGTH;
        if (stored.capacity() < length) {
            int room = length <= SMALL_LENGTH ? SMALL_LENGTH : Math.max(length, USUAL_LENGTH + FrameSeal.TAG_LENGTH);
            stored = ByteBuffer.allocateDirect(room).order(ByteOrder.LITTLE_ENDIAN);
        }
        try {
            bytes.read(address.offset(), stored.clear().limit(length));
        } catch (EOFException e) {
            throw new DamagedObjectException(name, "it ends before frame " + address.frame() + " does");
        }
    }

    private int decompress(ObjectName name, FrameAddress address, ByteBuffer target) throws DamagedObjectException {
        try {
            return switch (address.codec()) {
                case NONE -> copy(address, target);
                case ZSTD -> zstd(address, target);
                case LZ4 -> lz4(address, target);
            };
        } catch (ZstdException | LZ4Exception e) {
            throw new DamagedObjectException(
                    name, "frame " + address.frame() + " cannot be decompressed: " + e.getMessage());
        }
    }

    private int copy(FrameAddress address, ByteBuffer target) {
        int length = Math.min(address.storedLength(), address.rawLength());
        target.put(target.position(), stored, 0, length);
        return address.storedLength();
    }

    private int zstd(FrameAddress address, ByteBuffer target) {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        int length = address.storedLength();
        return target.isDirect()
                ? zstd.decompressDirectByteBuffer(target, target.position(), address.rawLength(), stored, 0, length)
                : zstd.decompressDirectByteBufferToByteArray(
                        target.array(),
                        target.arrayOffset() + target.position(),
                        address.rawLength(),
                        stored,
                        0,
                        length);
    }

    private int lz4(FrameAddress address, ByteBuffer target) {
        if (lz4 == null) {
            lz4 = LZ4Factory.fastestInstance().safeDecompressor();
        }
        return lz4.decompress(stored, 0, address.storedLength(), target, target.position(), address.rawLength());
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}

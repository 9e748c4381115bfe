package org.pgark.physical.restore;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adjacent bytes of one file, gathered in memory that stands to {@link #GRAIN} as their place in the file does. Used again
 * for other bytes after {@link #begin}.
 */
final class DirectPiece {
    /** What offsets, lengths and addresses are multiples of when the page cache is passed by; no block or page is larger. */
    static final int GRAIN = 64 << 10;

    private static final int BYTES = 1 << 20;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(BYTES + GRAIN).alignedSlice(GRAIN).limit(BYTES);
    private @Nullable FileTarget file;
    private long base;
    private int start;
    private int end;

    /** Empties the piece, for bytes of {@code target} from an offset on. */
    void begin(FileTarget target, long offset) {
        file = target;
        start = (int) (offset % GRAIN);
        end = start;
        base = offset - start;
    }

    /** Takes as many of the bytes as there is room for; they follow what it holds. */
    void put(ByteBuffer bytes) {
        int length = Math.min(bytes.remaining(), BYTES - end);
        memory.put(end, bytes, bytes.position(), length);
        bytes.position(bytes.position() + length);
        end += length;
    }

    boolean isFull() {
        return end == BYTES;
    }

    /** Whose bytes these are. */
    FileTarget file() {
        return Objects.requireNonNull(file);
    }

    /** Where in the file they begin. */
    long offset() {
        return base + start;
    }

    /** Where in the file the next one would stand. */
    long end() {
        return base + end;
    }

    /** What it holds, at its address. */
    ByteBuffer bytes() {
        return memory.duplicate().position(start).limit(end);
    }
}

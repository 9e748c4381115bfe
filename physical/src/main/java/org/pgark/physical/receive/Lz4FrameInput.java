package org.pgark.physical.receive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decompresses frames of LZ4 (magic 0x184D2204, flags, block size, an optional content size, a header check, blocks of up
 * to 4 MiB that may refer to the 64 KiB before them). The checks by xxHash that a frame may have are passed over: who
 * reads a backup compares the checksums of what comes out.
 */
public final class Lz4FrameInput extends InputStream {
    private static final int MAGIC = 0x184D2204;
    private static final int WINDOW = 1 << 16;

    private final InputStream in;
    private byte[] output = new byte[0];
    private int from;
    private int to;
    private boolean inFrame;
    private boolean blockChecks;
    private boolean contentCheck;
    private boolean independent;
    private int blockBytes;

    /** Reads frames, one after another, from {@code in}. */
    public Lz4FrameInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (from == to) {
            if (!nextBlock()) {
                return -1;
            }
        }
        int count = Math.min(length, to - from);
        System.arraycopy(output, from, target, offset, count);
        from += count;
        return count;
    }

    private boolean nextBlock() throws IOException {
        if (!inFrame && !beginFrame()) {
            return false;
        }
        int word = integer();
        if (word == 0) {
            inFrame = false;
            if (contentCheck) {
                integer();
            }
            return true;
        }
        int size = word & 0x7FFF_FFFF;
        if (size > blockBytes) {
            throw new IOException("LZ4 block is too long");
        }
        byte[] block = in.readNBytes(size);
        if (block.length < size) {
            throw new EOFException("LZ4 frame ends early");
        }
        if (blockChecks) {
            integer();
        }
        keepWindow();
        if (word < 0) {
            System.arraycopy(block, 0, output, to, size);
            to += size;
        } else {
            decompress(block);
        }
        return true;
    }

    private boolean beginFrame() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int magic = first | next() << 8 | next() << 16 | next() << 24;
        if (magic != MAGIC) {
            throw new IOException("not an LZ4 frame");
        }
        int flags = next();
        int size = next() >> 4 & 7;
        if (flags >> 6 != 1 || size < 4) {
            throw new IOException("LZ4 frame has an unknown form");
        }
        independent = (flags & 0x20) != 0;
        blockChecks = (flags & 0x10) != 0;
        contentCheck = (flags & 0x04) != 0;
        int more = ((flags & 0x08) != 0 ? 8 : 0) + ((flags & 0x01) != 0 ? 4 : 0) + 1;
        if (in.readNBytes(more).length < more) {
            throw new EOFException("LZ4 frame ends early");
        }
        blockBytes = 1 << (8 + 2 * size);
        output = new byte[WINDOW + blockBytes];
        from = 0;
        to = 0;
        inFrame = true;
        return true;
    }

    private void keepWindow() {
        int kept = independent ? 0 : Math.min(to, WINDOW);
        System.arraycopy(output, to - kept, output, 0, kept);
        from = kept;
        to = kept;
    }

    private void decompress(byte[] block) throws IOException {
        try {
            int at = 0;
            while (at < block.length) {
                int token = Byte.toUnsignedInt(block[at++]);
                int literals = token >> 4;
                if (literals == 15) {
                    int more;
                    do {
                        more = Byte.toUnsignedInt(block[at++]);
                        literals += more;
                    } while (more == 255);
                }
                System.arraycopy(block, at, output, to, literals);
                at += literals;
                to += literals;
                if (at == block.length) {
                    return;
                }
                int distance = Byte.toUnsignedInt(block[at]) | Byte.toUnsignedInt(block[at + 1]) << 8;
                at += 2;
                int length = (token & 15) + 4;
                if (length == 19) {
                    int more;
                    do {
                        more = Byte.toUnsignedInt(block[at++]);
                        length += more;
                    } while (more == 255);
                }
                if (distance == 0) {
                    throw new IOException("LZ4 block is damaged");
                }
                for (int i = 0; i < length; i++, to++) {
                    output[to] = output[to - distance];
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("LZ4 block is damaged", e);
        }
    }

    private int integer() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private int next() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("LZ4 frame ends early");
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

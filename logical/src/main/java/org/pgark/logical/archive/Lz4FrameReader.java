package org.pgark.logical.archive;

import java.io.IOException;
import java.io.InputStream;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Reads LZ4 frames whose blocks may refer to those before them, as liblz4 writes them if nobody asks for anything else;
 * lz4-java reads only frames of independent blocks. The format is doc/lz4_Frame_format.md and lz4_Block_format.md of lz4.
 */
final class Lz4FrameReader extends InputStream {
    private static final int MAGIC = 0x184D2204;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int HISTORY = 64 << 10;
    private static final int CHECKSUM_SEED = 0;

    private final InputStream in;
    private final StreamingXXHash32 contentHash =
            XXHashFactory.fastestInstance().newStreamingHash32(CHECKSUM_SEED);
    private byte[] output = new byte[HISTORY];
    private byte[] packed = new byte[0];
    private int largestBlock;
    private int start;
    private int end;
    private boolean inFrame;
    private boolean hasBlockChecksums;
    private boolean hasContentChecksum;

    Lz4FrameReader(InputStream in) {
        super();
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return isAvailable() ? output[start++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!isAvailable()) {
            return -1;
        }
        int count = Math.min(length, end - start);
        System.arraycopy(output, start, target, offset, count);
        start += count;
        return count;
    }

    private boolean isAvailable() throws IOException {
        while (start == end) {
            if (!inFrame && !beginFrame()) {
                return false;
            }
            readBlock();
        }
        return true;
    }

    private boolean beginFrame() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int magic = first | (byteOf() << 8) | (byteOf() << 16) | (byteOf() << 24);
        if ((magic & 0xFFFFFFF0) == SKIPPABLE) {
            in.skipNBytes(Integer.toUnsignedLong(number()));
            return beginFrame();
        }
        if (magic != MAGIC) {
            throw new IOException("no LZ4 frame begins here");
        }
        readDescriptor();
        inFrame = true;
        contentHash.reset();
        start = HISTORY;
        end = HISTORY;
        return true;
    }

    private void readDescriptor() throws IOException {
        int flags = byteOf();
        int sizes = byteOf();
        if (flags >> 6 != 1 || (flags & 2) != 0 || (sizes & 0x8F) != 0 || sizes >> 4 < 4) {
            throw new IOException("invalid LZ4 frame descriptor");
        }
        hasBlockChecksums = (flags & 0x10) != 0;
        hasContentChecksum = (flags & 4) != 0;
        boolean hasSize = (flags & 8) != 0;
        boolean hasDictionary = (flags & 1) != 0;
        byte[] more = in.readNBytes((hasSize ? 8 : 0) + (hasDictionary ? 4 : 0));
        byte[] descriptor = new byte[2 + more.length];
        descriptor[0] = (byte) flags;
        descriptor[1] = (byte) sizes;
        System.arraycopy(more, 0, descriptor, 2, more.length);
        int expected = byteOf();
        int found = XXHashFactory.fastestInstance().hash32().hash(descriptor, 0, descriptor.length, CHECKSUM_SEED);
        if (((found >> 8) & 0xff) != expected) {
            throw new IOException("invalid checksum of an LZ4 frame descriptor");
        }
        if (hasDictionary) {
            throw new IOException("LZ4 frame needs a dictionary");
        }
        largestBlock = 1 << (8 + 2 * (sizes >> 4));
        if (output.length < HISTORY + largestBlock) {
            output = new byte[HISTORY + largestBlock];
            packed = new byte[largestBlock];
        }
    }

    private int byteOf() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new java.io.EOFException("LZ4 frame ends too early");
        }
        return value;
    }

    private int number() throws IOException {
        return byteOf() | (byteOf() << 8) | (byteOf() << 16) | (byteOf() << 24);
    }

    private void readBlock() throws IOException {
        int head = number();
        if (head == 0) {
            if (hasContentChecksum && number() != contentHash.getValue()) {
                throw new IOException("invalid checksum of an LZ4 frame");
            }
            inFrame = false;
            return;
        }
        boolean isPlain = head < 0;
        int length = head & 0x7FFFFFFF;
        if (length > largestBlock) {
            throw new IOException("LZ4 block of " + length + " bytes is too large");
        }
        if (in.readNBytes(packed, 0, length) < length) {
            throw new java.io.EOFException("LZ4 frame ends too early");
        }
        if (hasBlockChecksums
                && number() != XXHashFactory.fastestInstance().hash32().hash(packed, 0, length, CHECKSUM_SEED)) {
            throw new IOException("invalid checksum of an LZ4 block");
        }
        // The last 64 KiB of what came before stay in front: that is how far back a block can refer.
        System.arraycopy(output, end - HISTORY, output, 0, HISTORY);
        start = HISTORY;
        end = HISTORY;
        if (isPlain) {
            System.arraycopy(packed, 0, output, HISTORY, length);
            end += length;
        } else {
            unpack(length);
        }
        if (hasContentChecksum) {
            contentHash.update(output, start, end - start);
        }
    }

    private void unpack(int length) throws IOException {
        int at = 0;
        int to = HISTORY;
        int limit = HISTORY + largestBlock;
        try {
            while (at < length) {
                int token = packed[at++] & 0xff;
                int literals = token >> 4;
                if (literals == 15) {
                    int more;
                    do {
                        more = packed[at++] & 0xff;
                        literals += more;
                    } while (more == 255);
                }
                if (literals > length - at || literals > limit - to) {
                    throw new IOException("damaged LZ4 block");
                }
                System.arraycopy(packed, at, output, to, literals);
                at += literals;
                to += literals;
                if (at == length) {
                    break;
                }
                int distance = (packed[at] & 0xff) | ((packed[at + 1] & 0xff) << 8);
                at += 2;
                int match = token & 15;
                if (match == 15) {
                    int more;
                    do {
                        more = packed[at++] & 0xff;
                        match += more;
                    } while (more == 255);
                }
                match += 4;
                if (distance == 0 || distance > to || match > limit - to) {
                    throw new IOException("damaged LZ4 block");
                }
                to = copy(to, distance, match);
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IOException("damaged LZ4 block", e);
        }
        end = to;
    }

    private int copy(int to, int distance, int length) {
        if (distance >= length) {
            System.arraycopy(output, to - distance, output, to, length);
        } else {
            for (int index = to; index < to + length; index++) {
                output[index] = output[index - distance];
            }
        }
        return to + length;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link ByteEncoder} wrote; every length is checked against what is left before anything is allocated. */
public final class ByteDecoder {
    private final byte[] bytes;
    private final int end;
    private int position;

    /** Reads a whole array. */
    public ByteDecoder(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads a part of an array. */
    public ByteDecoder(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.position = java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
        this.end = offset + length;
    }

    /** How many bytes are left. */
    public int remaining() {
        return end - position;
    }

    private int take(long count) throws MalformedBytesException {
        if (count < 0 || count > end - position) {
            throw new MalformedBytesException(
                    "it ends where " + Long.toUnsignedString(count) + " more bytes were expected");
        }
        int start = position;
        position += (int) count;
        return start;
    }

    /** One byte, 0 to 255. */
    public int takeByte() throws MalformedBytesException {
        return bytes[take(1)] & 0xFF;
    }

    /** A number, to be taken as unsigned. */
    public long takeNumber() throws MalformedBytesException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            long next = takeByte();
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                if (shift == 63 && next > 1) {
                    break;
                }
                return value;
            }
        }
        throw new MalformedBytesException("a number has more than 64 bits");
    }

    /**
     * A number that must not be greater than {@code limit}.
     *
     * @param what names the number for the message
     */
    public int takeNumber(int limit, String what) throws MalformedBytesException {
        return within(takeNumber(), limit, what);
    }

    /** How many things follow, of which each takes at least one byte. */
    public int takeCount(String what) throws MalformedBytesException {
        long count = takeNumber();
        return within(count, remaining(), what);
    }

    private static int within(long value, int limit, String what) throws MalformedBytesException {
        if (value < 0 || value > limit) {
            throw new MalformedBytesException(
                    what + " is " + Long.toUnsignedString(value) + ", which is more than " + limit);
        }
        return (int) value;
    }

    /** A number that may be negative. */
    public long takeSigned() throws MalformedBytesException {
        long value = takeNumber();
        return value >>> 1 ^ -(value & 1);
    }

    /** Bytes as they are. */
    public byte[] takeRaw(int count) throws MalformedBytesException {
        int start = take(count);
        return Arrays.copyOfRange(bytes, start, start + count);
    }

    /** Bytes with their number before them. */
    public byte[] takeBytes() throws MalformedBytesException {
        int count = takeCount("the number of bytes");
        int start = take(count);
        return Arrays.copyOfRange(bytes, start, start + count);
    }

    /** A text with its length before it. */
    public String takeText() throws MalformedBytesException {
        int count = takeCount("the length of a text");
        return new String(bytes, take(count), count, StandardCharsets.UTF_8);
    }

    /** An object's id. */
    public ObjectId takeId() throws MalformedBytesException {
        return ObjectId.get(ByteBuffer.wrap(bytes, take(ObjectId.LENGTH), ObjectId.LENGTH));
    }

    /** A frame's address. */
    public FrameAddress takeAddress() throws MalformedBytesException {
        ObjectId pack = takeId();
        return takeAddress(pack);
    }

    /** A frame's address without its pack, which is known. */
    public FrameAddress takeAddress(ObjectId pack) throws MalformedBytesException {
        int frame = takeNumber(Integer.MAX_VALUE, "the number of a frame");
        long offset = takeNumber();
        int storedLength = takeNumber(FrameAddress.MAX_RAW_LENGTH, "the stored length of a frame");
        int rawLength = takeNumber(FrameAddress.MAX_RAW_LENGTH, "the raw length of a frame");
        Codec codec = takeCodec();
        try {
            return new FrameAddress(pack, frame, offset, storedLength, rawLength, codec);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }

    /** A codec. */
    Codec takeCodec() throws MalformedBytesException {
        int code = takeByte();
        if (!Codec.isCode(code)) {
            throw new MalformedBytesException("a frame has the unknown codec " + code);
        }
        return Codec.ofCode(code);
    }

    /** Checks that nothing is left. */
    public void expectEnd() throws MalformedBytesException {
        if (remaining() > 0) {
            throw new MalformedBytesException(remaining() + " bytes are left over");
        }
    }
}

package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects bytes, numbers and texts in a buffer that grows. Numbers are varints: seven bits a byte, lowest first. */
public final class ByteEncoder {
    private byte[] bytes;
    private int length;

    /** Begins with room for {@code capacity} bytes. */
    public ByteEncoder(int capacity) {
        bytes = new byte[Math.max(capacity, 16)];
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), bytes.length + bytes.length / 2));
        }
    }

    /** One byte. */
    public void putByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    /** A number of one to ten bytes, taken as unsigned. */
    public void putNumber(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A number that may be negative, small ones of either sign being short. */
    public void putSigned(long value) {
        putNumber(value << 1 ^ value >> 63);
    }

    /** Bytes as they are. */
    public void putRaw(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** Bytes with their number before them. */
    public void putBytes(byte[] source) {
        putNumber(source.length);
        putRaw(source, 0, source.length);
    }

    /** A text in UTF-8 with its length in bytes before it. */
    public void putText(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An object's id, as it is. */
    public void putId(ObjectId id) {
        reserve(ObjectId.LENGTH);
        id.put(ByteBuffer.wrap(bytes, length, ObjectId.LENGTH));
        length += ObjectId.LENGTH;
    }

    /** A frame's address. */
    public void putAddress(FrameAddress address) {
        putId(address.pack());
        putNumber(address.frame());
        putNumber(address.offset());
        putNumber(address.storedLength());
        putNumber(address.rawLength());
        putByte(address.codec().code());
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** Forgets all bytes but keeps the buffer. */
    public void clear() {
        length = 0;
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The bytes themselves, until the next change. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}

package org.pgark.storage.sftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One packet to the server: its length, type and number, which are set when it is sent, and its fields, all big-endian;
 * texts are their length in bytes and UTF-8.
 */
final class SftpRequest {
    static final byte INIT = 1;
    static final byte OPEN = 3;
    static final byte CLOSE = 4;
    static final byte READ = 5;
    static final byte WRITE = 6;
    static final byte SET_ATTRIBUTES = 9;
    static final byte OPEN_FOLDER = 11;
    static final byte READ_FOLDER = 12;
    static final byte REMOVE = 13;
    static final byte MAKE_FOLDER = 14;
    static final byte ATTRIBUTES = 17;
    static final byte RENAME = 18;
    static final byte EXTENDED = (byte) 200;

    private static final int HEADER = 9;

    private byte[] packet = new byte[128];
    private int length = HEADER;

    SftpRequest(byte type) {
        packet[4] = type;
    }

    private void ensure(int more) {
        if (packet.length - length < more) {
            packet = Arrays.copyOf(packet, Math.max(packet.length * 2, length + more));
        }
    }

    SftpRequest number(int value) {
        ensure(Integer.BYTES);
        ByteBuffer.wrap(packet, length, Integer.BYTES).putInt(value);
        length += Integer.BYTES;
        return this;
    }

    SftpRequest number(long value) {
        ensure(Long.BYTES);
        ByteBuffer.wrap(packet, length, Long.BYTES).putLong(value);
        length += Long.BYTES;
        return this;
    }

    SftpRequest bytes(byte[] array, int offset, int count) {
        number(count);
        ensure(count);
        System.arraycopy(array, offset, packet, length, count);
        length += count;
        return this;
    }

    SftpRequest text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        return bytes(encoded, 0, encoded.length);
    }

    /** Writes the packet, with the number by which its answer will be known. */
    void writeTo(OutputStream out, int number) throws IOException {
        ByteBuffer.wrap(packet).putInt(0, length - Integer.BYTES).putInt(5, number);
        out.write(packet, 0, length);
        out.flush();
    }
}

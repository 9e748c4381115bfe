package org.pgark.postgres.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.pgark.postgres.connection.ByteText;

/** Collects one message to the server and sends it in one write. Not for several threads. */
final class MessageWriter {
    private final OutputStream output;
    private byte[] buffer = new byte[1024];
    private int position;
    private int start;

    MessageWriter(OutputStream output) {
        this.output = output;
    }

    /** Begins a message of a type. */
    MessageWriter begin(char type) {
        position = 0;
        room(1);
        buffer[position++] = (byte) type;
        start = position;
        return int32(0);
    }

    /** Begins one of the messages of the session's start, which have no type. */
    MessageWriter beginWithoutType() {
        position = 0;
        start = 0;
        return int32(0);
    }

    MessageWriter int32(int value) {
        room(4);
        set(position, value);
        position += 4;
        return this;
    }

    MessageWriter text(String text, Charset charset) {
        return bytes(ByteText.encode(checked(text), charset)).int8(0);
    }

    MessageWriter int8(int value) {
        room(1);
        buffer[position++] = (byte) value;
        return this;
    }

    MessageWriter bytes(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, position, bytes.length);
        position += bytes.length;
        return this;
    }

    void send() throws IOException {
        set(start, position - start);
        try {
            output.write(buffer, 0, position);
            output.flush();
        } finally {
            // The buffer may have held a password.
            Arrays.fill(buffer, 0, position, (byte) 0);
            if (buffer.length > 64 << 10) {
                buffer = new byte[1024];
            }
        }
    }

    /** Sends a message whose head lies before the bytes. */
    void send(char type, byte[] source, int offset, int length) throws IOException {
        begin(type);
        set(start, 4 + length);
        output.write(buffer, 0, position);
        output.write(source, offset, length);
        output.flush();
    }

    private static String checked(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text for the server holds a zero byte");
        }
        return text;
    }

    private void room(int count) {
        if (buffer.length - position < count) {
            buffer = Arrays.copyOf(buffer, Math.max(position + count, buffer.length * 2));
        }
    }

    private void set(int at, int value) {
        buffer[at] = (byte) (value >>> 24);
        buffer[at + 1] = (byte) (value >>> 16);
        buffer[at + 2] = (byte) (value >>> 8);
        buffer[at + 3] = (byte) value;
    }
}

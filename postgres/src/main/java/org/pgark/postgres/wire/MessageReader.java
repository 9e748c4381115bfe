package org.pgark.postgres.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts the server's bytes into messages: a type byte, a length of four bytes (big-endian, itself included), the body.
 *
 * <p>The body of the current message lies in one buffer that is used again and again; the methods that read fields check
 * that they stay inside it. The buffer grows only with bytes that have arrived, never by what a length announces. A read
 * that times out can be repeated: nothing that had arrived is lost.
 */
final class MessageReader {
    private static final int HEADER = 5;
    private static final int USUAL_CAPACITY = 256 << 10;
    /** No message but those that carry data or texts may be longer; the limit is libpq's. */
    private static final int LONGEST_SHORT_MESSAGE = 30_000;

    private static final String LONG_TYPES = "TDdVENA";
    private static final int MOST_COLUMNS = 1664;

    private final InputStream input;
    private final int longestMessage;
    private byte[] buffer = new byte[USUAL_CAPACITY];
    /** Where unread bytes begin and end. */
    private int position;

    private int limit;
    /** The end of the current message's body in the buffer. */
    private int bodyEnd;
    /** How much of the body of a message that is read piece by piece has not been handed out. */
    private int pieceLeft;

    MessageReader(InputStream input) {
        this(input, (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 3));
    }

    MessageReader(InputStream input, int longestMessage) {
        this.input = input;
        this.longestMessage = longestMessage;
    }

    /** Reads a whole message and gives its type; its body can be read until the next call. */
    int next() throws IOException {
        skipRest();
        require(HEADER);
        int type = buffer[position];
        int length = length(type);
        if (length > longestMessage) {
            throw new ProtocolViolationException("message of type " + name(type) + " has " + length
                    + " bytes, more than the limit of " + longestMessage);
        }
        require(1 + length);
        bodyEnd = position + 1 + length;
        position += HEADER;
        return type;
    }

    /**
     * Like {@link #next()}, but of a message with COPY data only the head is read; its body comes in pieces by {@link
     * #nextPiece()}.
     */
    int nextHead() throws IOException {
        skipRest();
        require(HEADER);
        if (buffer[position] != 'd') {
            return next();
        }
        pieceLeft = length('d') - 4;
        position += HEADER;
        bodyEnd = position;
        return 'd';
    }

    /** Makes some more bytes of the body current, as many as there are; false at the end of the message. */
    boolean nextPiece() throws IOException {
        if (pieceLeft == 0) {
            return false;
        }
        position = bodyEnd;
        require(1);
        int length = Math.min(pieceLeft, limit - position);
        bodyEnd = position + length;
        pieceLeft -= length;
        return true;
    }

    /**
     * Copies the bodies of messages with COPY data, one behind the other, as long as they have arrived whole and fit. It never
     * waits; what does not fit, and every other message, is left to {@link #nextHead()}.
     *
     * @param filled where in the target to begin
     * @return how far the target is filled then
     */
    int gather(byte[] target, int filled) {
        if (pieceLeft > 0) {
            return filled;
        }
        int from = Math.max(position, bodyEnd);
        int to = filled;
        while (limit - from >= HEADER && buffer[from] == 'd') {
            int length = intAt(from + 1) - 4;
            if (length < 0 || length > limit - from - HEADER || length > target.length - to) {
                break;
            }
            System.arraycopy(buffer, from + HEADER, target, to, length);
            from += HEADER + length;
            to += length;
        }
        position = from;
        bodyEnd = from;
        return to;
    }

    /** Whether a whole message has arrived already, so that {@link #next()} does not wait. */
    boolean hasMessage() throws IOException {
        int start = pieceLeft > 0 ? position : Math.max(position, bodyEnd);
        return limit - start >= HEADER && limit - start > length(buffer[start], start);
    }

    private void skipRest() throws IOException {
        position = Math.max(position, bodyEnd);
        while (nextPiece()) {
            position = bodyEnd;
        }
        bodyEnd = position;
        if (position == limit) {
            position = 0;
            limit = 0;
            bodyEnd = 0;
            if (buffer.length > USUAL_CAPACITY) {
                buffer = new byte[USUAL_CAPACITY];
            }
        }
    }

    private int length(int type) throws ProtocolViolationException {
        return length(type, position);
    }

    private int length(int type, int at) throws ProtocolViolationException {
        int length = intAt(at + 1);
        if (length < 4 || (length > LONGEST_SHORT_MESSAGE && LONG_TYPES.indexOf(type) < 0)) {
            throw new ProtocolViolationException(
                    "lost synchronization with server: got message type " + name(type) + ", length " + length);
        }
        return length;
    }

    /** Reads until this many bytes lie behind the position. */
    private void require(int count) throws IOException {
        while (limit - position < count) {
            if (position > 0 && (buffer.length - position < count || position == limit)) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                bodyEnd = Math.max(0, bodyEnd - position);
                position = 0;
            }
            if (limit == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(Math.max(count, 64), 2L * buffer.length));
            }
            int read = input.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                throw new ConnectionLostException("server closed the connection unexpectedly");
            }
            limit += read;
        }
    }

    static String name(int type) {
        return type > ' ' && type < 127 ? "\"" + (char) type + "\"" : "0x" + Integer.toHexString(type & 0xFF);
    }

    private int intAt(int at) {
        return (buffer[at] & 0xFF) << 24
                | (buffer[at + 1] & 0xFF) << 16
                | (buffer[at + 2] & 0xFF) << 8
                | (buffer[at + 3] & 0xFF);
    }

    /** The buffer in which the body lies, from {@link #offset()} on, {@link #remaining()} bytes long. */
    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return position;
    }

    int remaining() {
        return bodyEnd - position;
    }

    int int8() throws ProtocolViolationException {
        check(1);
        return buffer[position++] & 0xFF;
    }

    int int16() throws ProtocolViolationException {
        check(2);
        int value = (buffer[position] & 0xFF) << 8 | (buffer[position + 1] & 0xFF);
        position += 2;
        return value;
    }

    int int32() throws ProtocolViolationException {
        check(4);
        int value = intAt(position);
        position += 4;
        return value;
    }

    byte[] bytes(int count) throws ProtocolViolationException {
        check(count);
        position += count;
        return Arrays.copyOfRange(buffer, position - count, position);
    }

    private void check(int count) throws ProtocolViolationException {
        if (count < 0 || remaining() < count) {
            throw new ProtocolViolationException("message from server is cut short");
        }
    }

    /** A text that ends with a zero byte. */
    String text(Charset charset) throws ProtocolViolationException {
        for (int end = position; end < bodyEnd; end++) {
            if (buffer[end] == 0) {
                String text = new String(buffer, position, end - position, charset);
                position = end + 1;
                return text;
            }
        }
        throw new ProtocolViolationException("text in a message from the server has no end");
    }

    RowShape shape(Charset charset) throws ProtocolViolationException {
        int count = int16();
        if (count > MOST_COLUMNS) {
            throw new ProtocolViolationException("result with " + count + " columns, at most " + MOST_COLUMNS);
        }
        List<Column> columns = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            String name = text(charset);
            int table = int32();
            int number = int16();
            int type = int32();
            int size = (short) int16();
            int modifier = int32();
            int16();
            columns.add(new Column(name, table, number, type, size, modifier));
        }
        return new RowShape(columns, charset);
    }

    Row row(RowShape shape) throws ProtocolViolationException {
        int count = int16();
        if (count != shape.columns().size()) {
            throw new ProtocolViolationException(
                    "row with " + count + " values, expected " + shape.columns().size());
        }
        int start = position;
        int[] starts = new int[count];
        int[] lengths = new int[count];
        for (int index = 0; index < count; index++) {
            lengths[index] = int32();
            starts[index] = position - start;
            if (lengths[index] < -1) {
                throw new ProtocolViolationException("value with a length of " + lengths[index]);
            }
            int length = Math.max(0, lengths[index]);
            check(length);
            position += length;
        }
        return new Row(shape, Arrays.copyOfRange(buffer, start, position), starts, lengths);
    }

    ServerMessage serverMessage(Charset charset) throws ProtocolViolationException {
        Map<Character, String> fields = new HashMap<>();
        for (int letter = int8(); letter != 0; letter = int8()) {
            fields.put((char) letter, text(charset));
        }
        return new ServerMessage(fields);
    }

    /** Servers before the start of a session speak UTF-8 or ASCII. */
    ServerMessage serverMessage() throws ProtocolViolationException {
        return serverMessage(StandardCharsets.UTF_8);
    }
}

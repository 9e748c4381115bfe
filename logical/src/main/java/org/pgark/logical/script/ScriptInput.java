package org.pgark.logical.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads a script byte by byte, one ahead, and COPY data in pieces. */
final class ScriptInput {
    private static final int BUFFER = 64 << 10;
    private static final int END = -1;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int filled;
    private int line = 1;

    ScriptInput(InputStream in) {
        this.in = in;
    }

    /** The number of the line that is being read, from 1. */
    int line() {
        return line;
    }

    private boolean fill() throws IOException {
        next = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    /** The next byte, which stays. */
    int peek() throws IOException {
        return next == filled && !fill() ? END : buffer[next] & 0xff;
    }

    int read() throws IOException {
        int value = peek();
        if (value != END) {
            next++;
            if (value == '\n') {
                line++;
            }
        }
        return value;
    }

    /** The rest of the line, without its end. */
    String restOfLine() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int letter = read(); letter != END && letter != '\n'; letter = read()) {
            text.append((char) letter);
        }
        return text.toString();
    }

    /** Writes out lines up to the one that is {@code \.}; false if the script ends before it. */
    boolean copyData(OutputStream out) throws IOException {
        boolean atLineStart = true;
        while (peek() != END) {
            if (atLineStart && peek() == '\\') {
                String begin = lineBeginning();
                if (begin.equals("\\.\n") || begin.equals("\\.\r\n")) {
                    return true;
                }
                out.write(begin.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                atLineStart = begin.endsWith("\n");
                continue;
            }
            int from = next;
            while (next < filled && buffer[next] != '\n') {
                next++;
            }
            atLineStart = next < filled;
            if (atLineStart) {
                next++;
                line++;
            }
            out.write(buffer, from, next - from);
        }
        return false;
    }

    /** The first bytes of a line that may be the end of the data: at most as many as tell. */
    private String lineBeginning() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append((char) read());
        if (peek() != '.') {
            return text.toString();
        }
        text.append((char) read());
        if (peek() == '\r') {
            text.append((char) read());
        }
        if (peek() == '\n') {
            text.append((char) read());
        } else if (peek() == END) {
            text.append('\n');
        }
        return text.toString();
    }
}

package org.pgark.postgres.manifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads JSON text as it comes, with PostgreSQL's messages where it is none. */
final class JsonReader {
    private static final int DEEPEST = 64;
    private static final int END = -1;

    private final InputStream in;
    private final JsonEvents events;
    private int next;

    JsonReader(InputStream in, JsonEvents events) {
        this.in = in;
        this.events = events;
    }

    void read() throws IOException {
        advance();
        skipSpace();
        value(0);
        skipSpace();
        if (next != END) {
            throw expected("end of input");
        }
    }

    private void advance() throws IOException {
        next = in.read();
    }

    private void skipSpace() throws IOException {
        while (next == ' ' || next == '\t' || next == '\n' || next == '\r') {
            advance();
        }
    }

    private void value(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw ManifestException.unreadable("JSON nested too deep, maximum permitted depth is " + DEEPEST + ".");
        }
        switch (next) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> events.scalar(text());
            default -> events.scalar(word());
        }
    }

    private void object(int depth) throws IOException {
        events.beginObject();
        advance();
        skipSpace();
        if (next != '}') {
            while (true) {
                if (next != '"') {
                    throw expected("string or \"}\"");
                }
                String name = text();
                skipSpace();
                if (next != ':') {
                    throw expected("\":\"");
                }
                advance();
                skipSpace();
                events.field(name);
                value(depth + 1);
                skipSpace();
                if (next == '}') {
                    break;
                }
                if (next != ',') {
                    throw expected("\",\" or \"}\"");
                }
                advance();
                skipSpace();
            }
        }
        events.endObject();
        advance();
    }

    private void array(int depth) throws IOException {
        events.beginArray();
        advance();
        skipSpace();
        if (next != ']') {
            while (true) {
                value(depth + 1);
                skipSpace();
                if (next == ']') {
                    break;
                }
                if (next != ',') {
                    throw expected("\",\" or \"]\"");
                }
                advance();
                skipSpace();
            }
        }
        events.endArray();
        advance();
    }

    private String text() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        advance();
        while (next != '"') {
            if (next == END) {
                throw ended();
            }
            if (next < ' ') {
                throw ManifestException.unreadable(String.format("Character with value 0x%02x must be escaped.", next));
            }
            if (next == '\\') {
                advance();
                escape(bytes);
            } else {
                bytes.write(next);
            }
            advance();
        }
        advance();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void escape(ByteArrayOutputStream bytes) throws IOException {
        switch (next) {
            case '"', '\\', '/' -> bytes.write(next);
            case 'b' -> bytes.write('\b');
            case 'f' -> bytes.write('\f');
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case 'u' -> bytes.write(String.valueOf(unicode()).getBytes(StandardCharsets.UTF_8));
            case END -> throw ended();
            default -> throw ManifestException.unreadable("Escape sequence \"\\" + (char) next + "\" is invalid.");
        }
    }

    private char unicode() throws IOException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            advance();
            int digit = Character.digit(next, 16);
            if (digit < 0) {
                throw ManifestException.unreadable("\"\\u\" must be followed by four hexadecimal digits.");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private boolean isInWord() {
        return next == '-' || next == '+' || next == '.' || Character.isLetterOrDigit(next);
    }

    private String word() throws IOException {
        StringBuilder word = new StringBuilder();
        while (isInWord()) {
            word.append((char) next);
            advance();
        }
        String text = word.toString();
        if (text.isEmpty()) {
            throw expected("JSON value");
        }
        if (!text.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw ManifestException.unreadable("Token \"" + text + "\" is invalid.");
        }
        return text;
    }

    /** A word that is none is told of first. */
    private ManifestException expected(String what) throws IOException {
        if (next == END) {
            return ended();
        }
        String found = isInWord() ? word() : String.valueOf((char) next);
        return ManifestException.unreadable("Expected " + what + ", but found \"" + found + "\".");
    }

    private static ManifestException ended() {
        return ManifestException.unreadable("The input string ended unexpectedly.");
    }
}

package org.pgark.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** A head of HTTP: the lines up to the empty one. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpHead(byte[] bytes, String text) {
    private static final int MOST = 64 << 10;

    long length() {
        String value = header("content-length");
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    boolean isChunked() {
        return header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
    }

    /** Listings say what they want after a question mark. */
    boolean isForContent() {
        return text.startsWith("GET ") && !text.lines().findFirst().orElse("").contains("?");
    }

    HttpHead without(String name) {
        String left = text.lines()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line + "\r\n")
                .collect(Collectors.joining());
        return new HttpHead(left.getBytes(StandardCharsets.ISO_8859_1), left);
    }

    String header(String name) {
        return text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int ended = 0;
        while (ended < 4) {
            int value = in.read();
            if (value < 0 || bytes.size() > MOST) {
                return new HttpHead(new byte[0], "");
            }
            bytes.write(value);
            boolean expected = value == (ended % 2 == 0 ? '\r' : '\n');
            ended = expected ? ended + 1 : value == '\r' ? 1 : 0;
        }
        return new HttpHead(bytes.toByteArray(), bytes.toString(StandardCharsets.ISO_8859_1));
    }

    /** The body that follows, as it is on the wire. */
    byte[] body(InputStream in) throws IOException {
        if (!isChunked()) {
            byte[] body = in.readNBytes(Math.toIntExact(length()));
            if (body.length < length()) {
                throw new IOException("a body ended early");
            }
            return body;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int size = -1;
        while (size != 0) {
            String line = line(in, whole);
            size = Integer.parseInt(line.replaceAll(";.*", "").strip(), 16);
            whole.write(in.readNBytes(size + 2));
        }
        return whole.toByteArray();
    }

    private static String line(InputStream in, ByteArrayOutputStream copy) throws IOException {
        StringBuilder line = new StringBuilder();
        int value = 0;
        while (value != '\n') {
            value = in.read();
            if (value < 0) {
                throw new IOException("a chunk ended early");
            }
            copy.write(value);
            line.append((char) value);
        }
        return line.toString();
    }
}

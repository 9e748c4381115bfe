package org.pgark.postgres.connection;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Names whose bytes nobody can know the encoding of: those on a command line, and those of databases and roles, which a server
 * takes before it knows an encoding. Bytes that are no UTF-8 become the low surrogates U+DC80 to U+DCFF, which no text has alone,
 * and become the same bytes again.
 */
public final class ByteText {
    private static final int FIRST = 0xDC00;

    private ByteText() {}

    /** The text of these bytes. */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int count = result.length(); count > 0; count--) {
                out.put((char) (FIRST | (in.get() & 0xFF)));
            }
            decoder.reset();
        }
        return out.flip().toString();
    }

    /** The bytes of a text in this charset, but for those that were none of UTF-8, which stay as they are. */
    public static byte[] encode(String text, Charset charset) {
        if (!hasBytes(text)) {
            return text.getBytes(charset);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            if (isByte(text, at)) {
                bytes.writeBytes(text.substring(start, at).getBytes(charset));
                bytes.write(text.charAt(at));
                start = at + 1;
            }
        }
        bytes.writeBytes(text.substring(start).getBytes(charset));
        return bytes.toByteArray();
    }

    private static boolean hasBytes(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (isByte(text, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isByte(String text, int at) {
        char letter = text.charAt(at);
        return letter >= (FIRST | 0x80)
                && letter <= (FIRST | 0xFF)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}

package org.pgark.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes some bytes as others. What may be their beginning is held back until the next write. */
final class ReplacingStream extends FilterOutputStream {
    private final byte[] from;
    private final byte[] to;
    private int matched;

    /** @param from not empty; its first byte stands nowhere else in it */
    ReplacingStream(OutputStream out, byte[] from, byte[] to) {
        super(out);
        this.from = from;
        this.to = to;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int plain = offset;
        for (int at = offset; at < offset + length; at++) {
            if (source[at] == from[matched]) {
                if (matched == 0) {
                    out.write(source, plain, at - plain);
                }
                matched++;
                plain = at + 1;
                if (matched == from.length) {
                    out.write(to);
                    matched = 0;
                }
            } else if (matched > 0) {
                out.write(from, 0, matched);
                matched = 0;
                plain = at;
                at--;
            }
        }
        out.write(source, plain, offset + length - plain);
        out.flush();
    }
}

package org.pgark.physical.receive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Gzip at a level. A flush brings all that was written to the stream below. */
public final class LevelledGzip extends GZIPOutputStream {
    /** Level 1 to 9, or -1 for zlib's default. */
    public LevelledGzip(OutputStream out, int level) throws IOException {
        super(out, 64 << 10, true);
        def.setLevel(level < 0 ? Deflater.DEFAULT_COMPRESSION : level);
    }
}

package org.pgark.physical.storedbackup;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.pgark.physical.receive.Lz4FrameInput;

/** How an archive is compressed, told from the end of its name. */
enum TarCompression {
    NONE,
    GZIP,
    LZ4,
    ZSTD;

    private static final int BUFFER_BYTES = 1 << 16;

    static TarCompression of(String suffix) {
        return switch (suffix) {
            case ".tgz", ".tar.gz" -> GZIP;
            case ".tar.lz4" -> LZ4;
            case ".tar.zst" -> ZSTD;
            default -> NONE;
        };
    }

    InputStream decompress(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> new BufferedInputStream(in, BUFFER_BYTES);
            case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
            case LZ4 -> new Lz4FrameInput(new BufferedInputStream(in, BUFFER_BYTES));
            case ZSTD -> new ZstdInputStream(new BufferedInputStream(in, BUFFER_BYTES));
        };
    }
}

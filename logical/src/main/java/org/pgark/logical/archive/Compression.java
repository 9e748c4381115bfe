package org.pgark.logical.archive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;

/**
 * How hard which method works.
 *
 * @param method the method
 * @param level its own level, or nothing for its default
 * @param longDistance zstd's matching over long distances
 */
public record Compression(CompressionMethod method, OptionalInt level, boolean longDistance) {
    /** Data as it is. */
    public static final Compression NONE = new Compression(CompressionMethod.NONE, OptionalInt.empty(), false);

    /** What pg_dump does with custom and directory archives if it is not told otherwise. */
    public static final Compression DEFAULT = new Compression(CompressionMethod.GZIP, OptionalInt.empty(), false);

    private static final int BUFFER = 64 << 10;
    private static final int LZ4_HIGH = 3;

    /** Checks that all is there. */
    public Compression {
        Objects.requireNonNull(method, "method is null");
        Objects.requireNonNull(level, "level is null");
    }

    /** Compresses what goes into a file of its own; gzip's file format counts here. All methods add a checksum, which readers verify. */
    public OutputStream file(OutputStream out) throws IOException {
        return method == CompressionMethod.GZIP ? gzipFile(out) : stream(out);
    }

    /** Compresses what goes into a block of a custom archive, where gzip is a bare zlib stream. */
    OutputStream stream(OutputStream out) throws IOException {
        return switch (method) {
            case NONE -> out;
            case GZIP -> new ZlibStream(out, level.orElse(Deflater.DEFAULT_COMPRESSION));
            case LZ4 -> lz4(out);
            case ZSTD -> zstd(out);
        };
    }

    /** What a head of version 1.14 and older has for it. */
    int legacyNumber() {
        return switch (method) {
            case NONE -> 0;
            case GZIP -> level.orElse(Deflater.DEFAULT_COMPRESSION);
            case LZ4, ZSTD ->
                throw new IllegalArgumentException(
                        "archives before version 1.15 have no compression with " + method.label());
        };
    }

    private OutputStream gzipFile(OutputStream out) throws IOException {
        int wanted = level.orElse(Deflater.DEFAULT_COMPRESSION);
        return new GZIPOutputStream(out, BUFFER) {
            {
                def.setLevel(wanted);
            }
        };
    }

    private OutputStream lz4(OutputStream out) throws IOException {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        int wanted = level.orElse(0);
        LZ4Compressor compressor =
                wanted < LZ4_HIGH ? factory.fastCompressor() : factory.highCompressor(Math.min(wanted, 17));
        return new LZ4FrameOutputStream(
                out,
                LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                -1,
                compressor,
                XXHashFactory.fastestInstance().hash32(),
                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
                LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM);
    }

    private OutputStream zstd(OutputStream out) throws IOException {
        ZstdOutputStream stream = new ZstdOutputStream(out);
        stream.setLevel(level.orElse(3));
        stream.setChecksum(true);
        if (longDistance) {
            stream.setLong(27);
        }
        return stream;
    }

    /** Gives the deflater's memory back when it is closed. */
    private static final class ZlibStream extends DeflaterOutputStream {
        ZlibStream(OutputStream out, int level) {
            super(out, new Deflater(level), BUFFER);
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                def.end();
            }
        }
    }
}

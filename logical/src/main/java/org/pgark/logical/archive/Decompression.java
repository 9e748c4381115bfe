package org.pgark.logical.archive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Reads what was compressed by one of the methods; damage is an {@link ArchiveException}. */
final class Decompression {
    private static final int BUFFER = 64 << 10;
    private static final List<CompressionMethod> FILES =
            List.of(CompressionMethod.NONE, CompressionMethod.GZIP, CompressionMethod.LZ4, CompressionMethod.ZSTD);

    private Decompression() {}

    /** The data of a block of a custom archive. */
    static InputStream stream(CompressionMethod method, InputStream in) throws IOException {
        return switch (method) {
            case NONE -> in;
            case GZIP ->
                guarded(method, () -> new InflaterInputStream(in, new Inflater(), BUFFER) {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        inf.end();
                    }
                });
            case LZ4 -> guarded(method, () -> new Lz4FrameReader(in));
            case ZSTD -> guarded(method, () -> zstd(in));
        };
    }

    /** A file that may be there under its plain name, or compressed afterwards under a longer one. */
    static InputStream file(Path plain) throws IOException {
        for (CompressionMethod method : FILES) {
            Path candidate = plain.resolveSibling(plain.getFileName() + method.suffix());
            if (Files.isRegularFile(candidate)) {
                return open(candidate, method);
            }
        }
        throw new NoSuchFileException(plain.toString());
    }

    private static InputStream open(Path path, CompressionMethod method) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            return switch (method) {
                case NONE -> in;
                case GZIP -> guarded(method, () -> new GZIPInputStream(in, BUFFER));
                case LZ4 -> guarded(method, () -> new Lz4FrameReader(in));
                case ZSTD -> guarded(method, () -> zstd(in));
            };
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream zstd(InputStream in) throws IOException {
        // Matches of up to 2 GB distance were allowed when the archive was written.
        return new ZstdInputStream(in).setLongMax(31);
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    private static InputStream guarded(CompressionMethod method, Opening opening) throws IOException {
        try {
            return new DamageReportingStream(method, opening.open());
        } catch (EOFException | ZipException e) {
            throw damage(method, e);
        }
    }

    private static ArchiveException damage(CompressionMethod method, IOException e) {
        return new ArchiveException("could not uncompress data (" + method.label() + "): " + e.getMessage(), e);
    }

    /** Tells the failures of a method from those of the input, which come as they are. */
    private static final class DamageReportingStream extends InputStream {
        private final CompressionMethod method;
        private final InputStream in;

        DamageReportingStream(CompressionMethod method, InputStream in) {
            super();
            this.method = method;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (ArchiveException e) {
                throw e;
            } catch (IOException e) {
                throw damage(method, e);
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (ArchiveException e) {
                throw e;
            } catch (IOException e) {
                throw damage(method, e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

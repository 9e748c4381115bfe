package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a custom archive; see {@link CustomArchiveReader} for its blocks. */
public final class CustomArchiveWriter implements AutoCloseable {
    private static final int DATA = 1;
    private static final int LARGE_OBJECTS = 3;
    private static final int CHUNK = 64 << 10;

    private record Patch(long at, DataPlace.Offset place) {}

    private final ArchiveOutput out;
    private final Compression compression;
    private final boolean durable;
    private final WriteBehind behind = new WriteBehind();

    private CustomArchiveWriter(ArchiveOutput out, Compression compression, boolean durable) {
        this.out = out;
        this.compression = compression;
        this.durable = durable;
    }

    /** Writes to a file, which is emptied now. */
    public static CustomArchiveWriter to(Path file, Compression compression, boolean durable) throws IOException {
        return new CustomArchiveWriter(ArchiveOutput.open(file), compression, durable);
    }

    /** Writes to standard output. */
    public static CustomArchiveWriter to(OutputStream stream, Compression compression) {
        return new CustomArchiveWriter(ArchiveOutput.of(stream), compression, false);
    }

    /** Writes all; it is an archive only when this returns. */
    public void write(Dump dump) throws IOException {
        ArchiveVersion version = ArchiveVersion.writtenBy(dump.head().release());
        ArchiveEncoder encoder = new ArchiveEncoder(out, version, dump.head().charset());
        encoder.writeHead(dump.head(), ArchiveFormat.CUSTOM, compression);
        if (out.isSeekable()) {
            out.patch(0, new byte[HeadReader.MAGIC.length]);
        }
        List<Long> offsetPlaces = new ArrayList<>();
        encoder.writeToc(dump.items(), dump.connection(), item -> {
            if (item.data().isPresent()) {
                offsetPlaces.add(out.position());
            }
            encoder.writeOffset(new DataPlace.Offset(
                    item.data().isPresent() ? DataPlace.Offset.State.NOT_SET : DataPlace.Offset.State.NO_DATA, 0));
        });
        List<Patch> patches = new ArrayList<>();
        for (DumpItem item : dump.items()) {
            if (item.data().isPresent()) {
                patches.add(new Patch(
                        offsetPlaces.get(patches.size()),
                        new DataPlace.Offset(DataPlace.Offset.State.SET, out.position())));
                writeData(item.entry().dumpId(), item.data().get(), dump, encoder);
            }
        }
        if (out.isSeekable()) {
            for (Patch patch : patches) {
                out.patch(patch.at(), bytes(patch.place()));
            }
        }
        out.commit(HeadReader.MAGIC, durable);
    }

    private static byte[] bytes(DataPlace.Offset place) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        new ArchiveEncoder(bytes, ArchiveVersion.V1_16, java.nio.charset.StandardCharsets.US_ASCII).writeOffset(place);
        return bytes.toByteArray();
    }

    private void writeData(int dumpId, EntryData data, Dump dump, ArchiveEncoder encoder) throws IOException {
        switch (data) {
            case TableData table -> {
                encoder.writeByte(DATA);
                encoder.writeInt(dumpId);
                // A block that is broken off gets no end: on a pipe nothing else tells that rows are missing.
                OutputStream block = behind.before(compression.stream(new ChunkedOutput(encoder)));
                table.write(dump.connection(), block);
                block.close();
            }
            case LargeObjectData objects -> {
                encoder.writeByte(LARGE_OBJECTS);
                encoder.writeInt(dumpId);
                objects.write(dump.connection(), oid -> {
                    encoder.writeInt(oidAsInt(oid));
                    return behind.before(compression.stream(new ChunkedOutput(encoder)));
                });
                encoder.writeInt(0);
            }
        }
    }

    private static int oidAsInt(long oid) throws ArchiveException {
        if (oid <= 0 || oid > 0xFFFF_FFFFL) {
            throw new ArchiveException("invalid OID for large object");
        }
        return (int) oid;
    }

    @Override
    public void close() throws IOException {
        behind.close();
        out.close();
    }

    /** Cuts a stream into chunks and ends it with an empty one when it is closed. */
    private final class ChunkedOutput extends OutputStream {
        private final ArchiveEncoder encoder;
        private final byte[] chunk = new byte[CHUNK];
        private int filled;
        private boolean closed;

        ChunkedOutput(ArchiveEncoder encoder) {
            super();
            this.encoder = encoder;
        }

        @Override
        public void write(int single) throws IOException {
            if (filled == CHUNK) {
                send();
            }
            chunk[filled++] = (byte) single;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            int position = offset;
            int left = length;
            while (left > 0) {
                if (filled == CHUNK) {
                    send();
                }
                int count = Math.min(left, CHUNK - filled);
                System.arraycopy(source, position, chunk, filled, count);
                filled += count;
                position += count;
                left -= count;
            }
        }

        private void send() throws IOException {
            if (filled > 0) {
                encoder.writeInt(filled);
                out.write(chunk, 0, filled);
                filled = 0;
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                send();
                encoder.writeInt(0);
            }
        }
    }
}

package org.pgark.logical.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * A custom archive: head, table of contents, and data blocks. A block is its kind (1 data, 3 large objects), the number of
 * its entry, and chunks of a length and bytes, ended by a length of 0; large objects are an OID and chunks each, ended by
 * OID 0. What is compressed runs on over the borders of chunks. Where the table of contents has no offsets, blocks are
 * searched for, and the places of those passed by are remembered.
 */
final class CustomArchiveReader implements ArchiveReader {
    private static final int DATA = 1;
    private static final int LARGE_OBJECTS = 3;
    private static final int END = -1;

    private final ArchiveInput in;
    private final ArchiveDecoder decoder;
    private final ArchiveHead head;
    private final List<StoredEntry> entries;
    private final ArchiveMessages messages;
    private final Optional<Path> path;
    private final Map<Integer, Long> places;
    private final long firstBlock;
    private long searchFrom;

    static CustomArchiveReader open(ArchiveInput in, Optional<Path> path, ArchiveMessages messages) throws IOException {
        ArchiveDecoder decoder = new ArchiveDecoder(in);
        ArchiveHead head = new HeadReader(decoder, messages, ZoneId.systemDefault()).read(ArchiveFormat.CUSTOM);
        List<StoredEntry> entries = new TocReader(decoder, messages, () -> {
                    DataPlace.Offset offset = decoder.readOffset();
                    if (!decoder.version().isAtLeast(ArchiveVersion.V1_7)) {
                        decoder.readInt();
                    }
                    return offset;
                })
                .read();
        Map<Integer, Long> places = new ConcurrentHashMap<>();
        for (StoredEntry entry : entries) {
            if (entry.place() instanceof DataPlace.Offset(DataPlace.Offset.State state, long offset)
                    && state == DataPlace.Offset.State.SET) {
                places.put(entry.entry().dumpId(), offset);
            }
        }
        return new CustomArchiveReader(in, decoder, head, entries, messages, path, places, in.position());
    }

    private CustomArchiveReader(
            ArchiveInput in,
            ArchiveDecoder decoder,
            ArchiveHead head,
            List<StoredEntry> entries,
            ArchiveMessages messages,
            Optional<Path> path,
            Map<Integer, Long> places,
            long firstBlock) {
        this.in = in;
        this.decoder = decoder;
        this.head = head;
        this.entries = List.copyOf(entries);
        this.messages = messages;
        this.path = path;
        this.places = places;
        this.firstBlock = firstBlock;
        this.searchFrom = firstBlock;
    }

    @Override
    public ArchiveHead head() {
        return head;
    }

    @Override
    public List<StoredEntry> entries() {
        return entries;
    }

    @Override
    public void readTable(StoredEntry entry, OutputStream out) throws IOException {
        int kind = goTo(entry);
        if (kind != DATA) {
            throw new ArchiveException("unrecognized data block type " + kind + " while restoring archive");
        }
        readStream(out);
        noteEnd(entry);
    }

    @Override
    public void readLargeObjects(StoredEntry entry, LargeObjectSink sink) throws IOException {
        int kind = goTo(entry);
        if (kind != LARGE_OBJECTS) {
            throw new ArchiveException("unrecognized data block type " + kind + " while restoring archive");
        }
        for (long oid = oid(); oid != 0; oid = oid()) {
            try (OutputStream object = sink.begin(oid)) {
                readStream(object);
            }
        }
        noteEnd(entry);
    }

    /** OIDs above 2^31 went through C's int. */
    private long oid() throws IOException {
        return Integer.toUnsignedLong(decoder.readInt());
    }

    private void readStream(OutputStream out) throws IOException {
        Chunks chunks = new Chunks();
        try (InputStream data = Decompression.stream(head.compression().method(), chunks)) {
            data.transferTo(out);
        }
        chunks.finish();
    }

    /** The block that an entry's data is in; reading goes on behind its head. */
    private int goTo(StoredEntry entry) throws IOException {
        int wanted = entry.entry().dumpId();
        Optional<Long> place = in.isSeekable() ? Optional.ofNullable(places.get(wanted)) : Optional.empty();
        if (place.isEmpty()) {
            return search(wanted);
        }
        in.seek(place.get());
        int kind = in.read();
        if (kind == END) {
            throw notFound(wanted);
        }
        int found = decoder.readInt();
        if (found != wanted) {
            throw new ArchiveException(
                    "found unexpected block ID (" + found + ") when reading data -- expected " + wanted);
        }
        return kind;
    }

    private int search(int wanted) throws IOException {
        if (in.isSeekable()) {
            in.seek(searchFrom);
        }
        while (true) {
            long start = in.position();
            int kind = in.read();
            if (kind == END) {
                throw notFound(wanted);
            }
            int id = decoder.readInt();
            if (id == wanted) {
                return kind;
            }
            remember(id, start);
            switch (kind) {
                case DATA -> skipChunks();
                case LARGE_OBJECTS -> {
                    while (decoder.readInt() != 0) {
                        skipChunks();
                    }
                }
                default ->
                    throw new ArchiveException("unrecognized data block type (" + kind + ") while searching archive");
            }
            searchFrom = Math.max(searchFrom, in.position());
        }
    }

    private void remember(int id, long start) {
        Long known = in.isSeekable() ? places.putIfAbsent(id, start) : null;
        if (known != null && known != start) {
            messages.warning("data block " + id + " has wrong seek position");
        }
    }

    private void noteEnd(StoredEntry entry) {
        if (in.isSeekable() && !places.containsKey(entry.entry().dumpId())) {
            searchFrom = Math.max(searchFrom, in.position());
        }
    }

    private ArchiveException notFound(int id) {
        return new ArchiveException(
                "could not find block ID " + id + " in archive -- "
                        + (in.isSeekable()
                                ? "possibly corrupt archive"
                                : "possibly due to out-of-order restore request, which cannot be handled due to non-seekable input file"));
    }

    private void skipChunks() throws IOException {
        for (int length = chunkLength(); length != 0; length = chunkLength()) {
            in.pass(length);
        }
    }

    private int chunkLength() throws IOException {
        int length = decoder.readInt();
        if (length < 0) {
            throw new ArchiveException("invalid length " + length + " of a data chunk -- possibly corrupt archive");
        }
        return length;
    }

    /** Sizes follow from the offsets of neighbours: all data stands in one row. */
    @Override
    public long size(StoredEntry entry) throws IOException {
        Long start = places.get(entry.entry().dumpId());
        if (start == null) {
            return 0;
        }
        return sizes().getOrDefault(entry.entry().dumpId(), 0L);
    }

    private Map<Integer, Long> sizes() throws IOException {
        List<Map.Entry<Integer, Long>> order =
                places.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
        Map<Integer, Long> sizes = new HashMap<>();
        for (int index = 0; index < order.size(); index++) {
            long end = index + 1 < order.size()
                    ? order.get(index + 1).getValue()
                    : path.isPresent() ? java.nio.file.Files.size(path.get()) : firstBlock;
            sizes.put(
                    order.get(index).getKey(),
                    Math.max(0, end - order.get(index).getValue()));
        }
        return sizes;
    }

    @Override
    public void setNeeded(IntPredicate dumpIds) {
        // A block that was passed by is missed when it is asked for.
    }

    @Override
    public ArchiveReader again() throws IOException {
        if (path.isEmpty()) {
            throw new ArchiveException("parallel restore from standard input is not supported");
        }
        if (!in.isSeekable()) {
            throw new ArchiveException("parallel restore from non-seekable file is not supported");
        }
        ArchiveInput other = ArchiveInput.of(path.get());
        ArchiveDecoder reading = new ArchiveDecoder(other);
        reading.setLayout(head.version(), head.integerSize(), head.offsetSize());
        return new CustomArchiveReader(other, reading, head, entries, messages, path, places, firstBlock);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The bytes of a block's chunks as one stream. */
    private final class Chunks extends InputStream {
        private int left;
        private boolean ended;

        private boolean more() throws IOException {
            if (left == 0 && !ended) {
                left = chunkLength();
                ended = left == 0;
            }
            return !ended;
        }

        @Override
        public int read() throws IOException {
            if (!more()) {
                return -1;
            }
            left--;
            return decoder.readByte();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int count = in.read(target, offset, Math.min(length, left));
            if (count < 0) {
                throw ArchiveInput.endOfFile();
            }
            left -= count;
            return count;
        }

        /** Reads what the method of compression had no use for. */
        void finish() throws IOException {
            while (more()) {
                in.pass(left);
                left = 0;
            }
        }
    }
}

package org.pgark.repository.frame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/** Reads one framed object by its index, which stands at its end. Not for several threads. */
public final class FramedObjectReader {
    private static final long MAX_JOINED_LENGTH = 256L << 20;

    private final ByteRanges bytes;
    private final ObjectName name;
    private final ObjectKind kind;
    private final long size;
    private final ObjectHeader header;
    private final FrameSeal seal;
    private final FrameDecoder decoder;
    private final List<IndexedFrame> frames;

    /**
     * A frame of the object.
     *
     * @param address where it stands
     * @param role what it holds
     */
    public record IndexedFrame(FrameAddress address, FrameRole role) {}

    private FramedObjectReader(
            FramedObjects objects, ByteRanges bytes, ObjectName name, ObjectKind kind, long size, FrameDecoder decoder)
            throws IOException {
        this.decoder = decoder;
        this.bytes = bytes;
        this.name = name;
        this.kind = kind;
        this.size = size;
        ByteBuffer tail = readTail();
        this.header = FramedObjectFormat.checkHeader(tail, tail.limit() - FramedObjectFormat.FOOTER_LENGTH, name, kind);
        FramedObjectFormat.Index index = FramedObjectFormat.checkFooter(tail, size, name);
        this.seal = objects.seal(name, header);
        this.frames = readIndex(index);
    }

    /**
     * Opens an object.
     *
     * @param decoder may be used for one object after the other; the caller closes it
     * @throws NoSuchObjectException if there is no such object
     * @throws DamagedObjectException if its footer or index is not what was written
     */
    public static FramedObjectReader open(FramedObjects objects, ObjectName name, ObjectKind kind, FrameDecoder decoder)
            throws IOException {
        ObjectStore store = objects.store();
        OptionalLong size = store.size(name);
        if (size.isEmpty()) {
            throw new NoSuchObjectException(name, store.description());
        }
        ByteRanges bytes = (offset, target) -> store.read(name, offset, target);
        return new FramedObjectReader(objects, bytes, name, kind, size.getAsLong(), decoder);
    }

    /** Opens an object that is in memory. */
    public static FramedObjectReader of(
            FramedObjects objects, byte[] bytes, ObjectName name, ObjectKind kind, FrameDecoder decoder)
            throws IOException {
        return new FramedObjectReader(objects, ByteRanges.of(bytes), name, kind, bytes.length, decoder);
    }

    private ByteBuffer readTail() throws IOException {
        if (size < FramedObjectFormat.HEADER_LENGTH + FramedObjectFormat.FOOTER_LENGTH) {
            throw new DamagedObjectException(name, "it ends after " + size + " bytes");
        }
        return readRaw(size - FramedObjectFormat.FOOTER_LENGTH, FramedObjectFormat.FOOTER_LENGTH);
    }

    private ByteBuffer readRaw(long offset, int length) throws IOException {
        ByteBuffer raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            bytes.read(offset, raw);
        } catch (EOFException e) {
            throw new DamagedObjectException(name, "it became shorter than " + size + " bytes");
        }
        return raw.flip();
    }

    private List<IndexedFrame> readIndex(FramedObjectFormat.Index index) throws IOException {
        ByteBuffer raw = ByteBuffer.allocate(index.rawLength());
        FrameAddress address = new FrameAddress(
                header.id(), index.number(), index.offset(), index.storedLength(), index.rawLength(), index.codec());
        decoder.read(bytes, name, seal, address, true, raw);
        try {
            return decodeIndex(new ByteDecoder(raw.array()), index);
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, "its index is malformed: " + e.getMessage());
        }
    }

    private List<IndexedFrame> decodeIndex(ByteDecoder index, FramedObjectFormat.Index place)
            throws MalformedBytesException {
        List<IndexedFrame> found = new ArrayList<>();
        long offset = FramedObjectFormat.HEADER_LENGTH;
        while (index.remaining() > 0 && found.size() < place.number()) {
            int storedLength = index.takeNumber(FrameAddress.MAX_RAW_LENGTH, "the stored length of a frame");
            int rawLength = index.takeNumber(FrameAddress.MAX_RAW_LENGTH, "the raw length of a frame");
            Codec codec = index.takeCodec();
            FrameRole role = FrameRole.ofCode(index.takeByte());
            if (storedLength < 1 || storedLength > rawLength) {
                throw new MalformedBytesException("frame " + found.size() + " has an invalid length");
            }
            found.add(new IndexedFrame(
                    new FrameAddress(header.id(), found.size(), offset, storedLength, rawLength, codec), role));
            offset += storedLength + FrameSeal.TAG_LENGTH;
        }
        if (index.takeNumber() != found.size() || found.size() != place.number() || offset != place.offset()) {
            throw new MalformedBytesException("it does not add up");
        }
        index.expectEnd();
        return List.copyOf(found);
    }

    /** The object's id. */
    public ObjectId id() {
        return header.id();
    }

    /** The object's size in bytes. */
    public long size() {
        return size;
    }

    /** Its frames in order. */
    public List<IndexedFrame> frames() {
        return frames;
    }

    /** Reads a frame into {@code target} from its position on. */
    public void read(IndexedFrame frame, ByteBuffer target) throws IOException {
        decoder.read(bytes, name, seal, frame.address(), false, target);
    }

    /** Reads a frame as it is stored, still compressed, and checks its tag; the bytes are valid until the next read. */
    public ByteBuffer readStored(IndexedFrame frame) throws IOException {
        return decoder.readStored(bytes, name, seal, frame.address());
    }

    /** The raw bytes of the frame that {@link #readStored} read last; what it gave stays as it is. */
    public byte[] decompressStored(IndexedFrame frame) throws IOException {
        return decoder.decompressed(name, frame.address());
    }

    /** Reads all frames of a role, one behind the other; empty if there is none. */
    public byte[] readAll(FrameRole role) throws IOException {
        long length = frames.stream()
                .filter(frame -> frame.role() == role)
                .mapToLong(frame -> frame.address().rawLength())
                .sum();
        if (length > MAX_JOINED_LENGTH) {
            throw new DamagedObjectException(name, "its frames of role " + role + " have " + length + " bytes");
        }
        ByteBuffer raw = ByteBuffer.allocate((int) length);
        for (IndexedFrame frame : frames) {
            if (frame.role() == role) {
                read(frame, raw);
            }
        }
        return raw.array();
    }

    /** Checks that the header at the beginning, which reading does not need, is what was written. */
    public void checkHeader() throws IOException {
        ByteBuffer first = readRaw(0, FramedObjectFormat.HEADER_LENGTH);
        if (!FramedObjectFormat.checkHeader(first, 0, name, kind).agrees(header)) {
            throw new DamagedObjectException(name, "its header and its footer do not say the same");
        }
    }
}

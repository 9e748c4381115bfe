package org.pgark.repository.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectWriter;

/**
 * Writes one framed object. First frames are appended, then {@link #finish} writes the index, then {@link #commit} makes
 * the object exist; closing without that gives it up. Not for several threads.
 */
public final class FramedObjectWriter implements AutoCloseable {
    private static final int LONG_FRAME = 1 << 20;

    private final ObjectName name;
    private final ObjectHeader header;
    private final FrameCompressor compressor;
    private final FrameSeal seal;
    private final ObjectWriter writer;
    private final ByteEncoder index = new ByteEncoder(4096);
    private int frames;
    private long size;

    /**
     * Begins an object.
     *
     * @param compressor may be used for one object after the other; the caller closes it
     */
    public FramedObjectWriter(
            FramedObjects objects, ObjectName name, ObjectKind kind, ObjectId id, FrameCompressor compressor)
            throws IOException {
        this.name = name;
        this.header = objects.newHeader(kind, id);
        this.compressor = compressor;
        this.seal = objects.seal(name, header);
        this.writer = objects.store().create(name);
        writeHeader();
    }

    private void writeHeader() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FramedObjectFormat.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        FramedObjectFormat.putHeader(bytes, header);
        try {
            write(bytes.flip());
        } catch (IOException e) {
            writer.close();
            throw e;
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        writer.write(bytes);
    }

    /** The object's name. */
    public ObjectName name() {
        return name;
    }

    /** The object's id. */
    public ObjectId id() {
        return header.id();
    }

    /** How many bytes were written so far. */
    public long size() {
        return size;
    }

    /**
     * Compresses all remaining bytes of {@code raw} into a frame and writes it.
     *
     * @param raw 1 to {@link FrameAddress#MAX_RAW_LENGTH} bytes
     */
    public FrameAddress append(ByteBuffer raw, FrameRole role) throws IOException {
        int rawLength = raw.remaining();
        if (rawLength < 1 || rawLength > FrameAddress.MAX_RAW_LENGTH) {
            throw new IllegalArgumentException("invalid frame of " + rawLength + " bytes");
        }
        ByteBuffer stored = compressor.compress(raw);
        raw.position(raw.limit());
        return indexed(write(stored, rawLength, compressor.codec(), false), role);
    }

    /**
     * Writes a frame whose bytes are compressed already.
     *
     * @param stored as {@link FramedObjectReader#readStored} gives them
     * @param like where the frame stood before: its raw length and codec stay
     */
    public FrameAddress appendStored(ByteBuffer stored, FrameAddress like, FrameRole role) throws IOException {
        return indexed(write(compressor.keep(stored), like.rawLength(), like.codec(), false), role);
    }

    private FrameAddress indexed(FrameAddress address, FrameRole role) {
        index.putNumber(address.storedLength());
        index.putNumber(address.rawLength());
        index.putByte(address.codec().code());
        index.putByte(role.code());
        frames++;
        return address;
    }

    /** Appends bytes as frames of one role, as many as it takes; none if there are no bytes. */
    public void appendAll(byte[] raw, FrameRole role) throws IOException {
        for (int offset = 0; offset < raw.length; offset += LONG_FRAME) {
            append(ByteBuffer.wrap(raw, offset, Math.min(LONG_FRAME, raw.length - offset)), role);
        }
    }

    private FrameAddress write(ByteBuffer stored, int rawLength, Codec codec, boolean last) throws IOException {
        FrameAddress address = new FrameAddress(header.id(), frames, size, stored.position(), rawLength, codec);
        seal.seal(stored, frames, address.codec(), last, rawLength);
        write(stored.flip());
        return address;
    }

    /** Writes the index and the footer; nothing can be appended afterwards. */
    public void finish() throws IOException {
        // An object without frames has an index too, and every frame has at least one byte.
        index.putNumber(frames);
        ByteBuffer raw = index.view();
        FrameAddress address = write(compressor.keep(raw), index.length(), Codec.NONE, true);
        ByteBuffer footer =
                ByteBuffer.allocate(FramedObjectFormat.FOOTER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        FramedObjectFormat.putFooter(
                footer,
                header,
                new FramedObjectFormat.Index(
                        address.offset(), address.storedLength(), address.rawLength(), address.codec(), frames));
        write(footer.flip());
    }

    /** Makes the object visible and durable. */
    public void commit() throws IOException {
        writer.commit();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}

package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.FrameReader;
import org.pgark.storage.NoSuchObjectException;

/** Does {@link WriteTask}s, with its own reader and buffers. Not thread-safe. */
final class Writer implements AutoCloseable {
    private static final int USUAL_FRAME_BYTES = 256 << 10;

    private final FrameReader reader;
    private final Rescue rescue;
    private final Ownership ownership;
    private final boolean keep;
    private final Durability durability;
    private final DirectWrites direct;
    private final RestoreCounters counters;
    private ByteBuffer raw = ByteBuffer.allocateDirect(USUAL_FRAME_BYTES);
    private ByteBuffer compared;
    private Optional<FrameAddress> loaded = Optional.empty();

    /**
     * Reads by {@code reader}, which is closed with this.
     *
     * @param keep whether files that are there are compared and changed in place
     */
    Writer(
            FrameReader reader,
            Rescue rescue,
            Ownership ownership,
            boolean keep,
            Durability durability,
            DirectWrites direct,
            RestoreCounters counters) {
        this.reader = reader;
        this.rescue = rescue;
        this.ownership = ownership;
        this.keep = keep;
        this.durability = durability;
        this.direct = direct;
        this.counters = counters;
        this.compared = keep ? ByteBuffer.allocateDirect(USUAL_FRAME_BYTES) : ByteBuffer.allocate(0);
    }

    void perform(WriteTask task) throws IOException {
        switch (task) {
            case WriteTask.WholeFiles whole -> {
                for (WriteTask.WholeFile file : whole.files()) {
                    write(file);
                }
            }
            case WriteTask.Slice slice -> {
                FileTarget file = slice.file();
                try {
                    if (file.isDirect()) {
                        writeDirectly(slice);
                    } else {
                        write(slice);
                    }
                } catch (IOException | RuntimeException e) {
                    file.abandon();
                    throw e;
                }
                file.partDone();
            }
        }
    }

    private void write(WriteTask.Slice slice) throws IOException {
        long at = slice.offset();
        long written = 0;
        for (Extent extent : slice.extents()) {
            written += write(slice.file(), at, extent);
            at += extent.length();
        }
        if (written > 0) {
            durability.begin(slice.file().place(), slice.offset(), at - slice.offset());
        }
    }

    /** Zeros of a new file stay unwritten. */
    private void writeDirectly(WriteTask.Slice slice) throws IOException {
        long at = slice.offset();
        GatheredSlice gathered = new GatheredSlice(direct, slice.file());
        for (Extent extent : slice.extents()) {
            long written = 0;
            if (extent instanceof Extent.Stored(FramePart part)) {
                load(part.frame());
                gathered.write(at, content(part));
                written = part.length();
            }
            at += extent.length();
            counters.advanced(extent.length(), written);
        }
        gathered.end();
    }

    private void write(WriteTask.WholeFile whole) throws IOException {
        FileTarget file = FileTarget.open(whole.place(), whole.size(), whole.attributes(), ownership, keep);
        try {
            if (whole.extent().isPresent()) {
                write(file, 0, whole.extent().get());
            }
        } catch (IOException | RuntimeException e) {
            file.abandon();
            throw e;
        }
        file.partDone();
    }

    /** Returns how many bytes had to be written. */
    private long write(FileTarget file, long offset, Extent extent) throws IOException {
        long written = switch (extent) {
            case Extent.Zeros(long length) -> file.zeros(offset, length, compared);
            case Extent.Stored(FramePart part) -> {
                load(part.frame());
                yield file.write(offset, content(part), compared);
            }
        };
        counters.advanced(extent.length(), written);
        return written;
    }

    /** A part of the frame that is loaded. */
    private ByteBuffer content(FramePart part) {
        return raw.duplicate().position(part.offset()).limit(part.offset() + part.length());
    }

    private void load(FrameAddress frame) throws IOException {
        if (loaded.isPresent() && loaded.get().equals(frame)) {
            return;
        }
        loaded = Optional.empty();
        if (raw.capacity() < frame.rawLength()) {
            raw = ByteBuffer.allocateDirect(frame.rawLength());
            compared = keep ? ByteBuffer.allocateDirect(frame.rawLength()) : compared;
        }
        try {
            reader.read(frame, raw.clear().limit(frame.rawLength()));
        } catch (DamagedObjectException | NoSuchObjectException e) {
            Optional<byte[]> content = rescue.content(frame, e);
            if (content.isEmpty()) {
                throw e;
            }
            raw.clear().put(content.get());
        }
        raw.clear();
        loaded = Optional.of(frame);
    }

    @Override
    public void close() {
        reader.close();
    }
}

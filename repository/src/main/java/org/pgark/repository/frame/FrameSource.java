package org.pgark.repository.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/**
 * Reads single frames of objects of one kind, each by one range read and without looking at the object's header or
 * index. Not for several threads.
 */
public final class FrameSource implements AutoCloseable {
    private final ObjectStore store;
    private final ObjectKind kind;
    private final FrameDecoder decoder = new FrameDecoder();
    private ByteRanges bytes;
    private FrameTags tags;
    private ObjectName name;
    private ObjectId id;

    /** Reads from {@code store}; {@code name} and {@code id} are those of the object that will be read first. */
    public FrameSource(ObjectStore store, ObjectKind kind, ObjectName name, ObjectId id) {
        this.store = store;
        this.kind = kind;
        this.name = name;
        this.id = id;
        this.bytes = (offset, target) -> store.read(name, offset, target);
        this.tags = new FrameTags(name, kind, id);
    }

    /** Turns to another object. */
    public void turnTo(ObjectName otherName, ObjectId otherId) {
        if (!otherId.equals(id) || !otherName.equals(name)) {
            name = otherName;
            id = otherId;
            bytes = (offset, target) -> store.read(otherName, offset, target);
            tags = new FrameTags(otherName, kind, otherId);
        }
    }

    /** Reads a frame of the object at hand into {@code target} from its position on. */
    public void read(FrameAddress address, ByteBuffer target) throws IOException {
        decoder.read(bytes, name, tags, address, false, target);
    }

    @Override
    public void close() {
        decoder.close();
    }
}

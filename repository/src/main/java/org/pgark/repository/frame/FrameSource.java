package org.pgark.repository.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.ObjectName;

/**
 * Reads single frames of objects of one kind, each by one range read and without looking at the object's index; of a
 * sealed object the header is read once, since its key is derived from what stands there. Not for several threads.
 */
public final class FrameSource implements AutoCloseable {
    private final FramedObjects objects;
    private final ObjectKind kind;
    private final FrameDecoder decoder = new FrameDecoder();
    private ByteRanges bytes;
    private @Nullable FrameSeal seal;
    private ObjectName name;
    private ObjectId id;

    /** Reads from {@code objects}; {@code name} and {@code id} are those of the object that will be read first. */
    public FrameSource(FramedObjects objects, ObjectKind kind, ObjectName name, ObjectId id) {
        this.objects = objects;
        this.kind = kind;
        this.name = name;
        this.id = id;
        this.bytes = (offset, target) -> objects.store().read(name, offset, target);
    }

    /** Turns to another object. */
    public void turnTo(ObjectName otherName, ObjectId otherId) {
        if (!otherId.equals(id) || !otherName.equals(name)) {
            name = otherName;
            id = otherId;
            bytes = (offset, target) -> objects.store().read(otherName, offset, target);
            seal = null;
        }
    }

    /** Reads a frame of the object at hand into {@code target} from its position on. */
    public void read(FrameAddress address, ByteBuffer target) throws IOException {
        FrameSeal current = seal;
        if (current == null) {
            current = objects.seal(name, kind, id);
            seal = current;
        }
        decoder.read(bytes, name, current, address, false, target);
    }

    @Override
    public void close() {
        decoder.close();
    }
}

package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import org.pgark.storage.ObjectName;

/**
 * The tags of one object's frames: two 64-bit hashes of a frame's stored bytes, each under a seed of its own that is
 * derived from what the frame has to be: which object's, of which name, which number, how long, the last or not. They
 * find accidents of every kind, and no attacker; {@link FrameCipher} does that.
 */
final class FrameTags implements FrameSeal {
    private final byte[] identity = new byte[FrameIdentity.LENGTH];
    private final FrameIdentity described;

    FrameTags(ObjectName name, ObjectKind kind, ObjectId id) {
        this.described = new FrameIdentity(identity, name, kind, id);
    }

    private long hash(ByteBuffer stored, int length, int which) {
        long seed = FrameIdentity.HASH.hash(identity, 0, FrameIdentity.LENGTH, which);
        return FrameIdentity.HASH.hash(stored, 0, length, seed);
    }

    @Override
    public void seal(ByteBuffer stored, int frame, Codec codec, boolean last, int rawLength) {
        int length = stored.position();
        described.describe(frame, codec, last, length, rawLength);
        long first = hash(stored, length, 0);
        long second = hash(stored, length, 1);
        stored.putLong(first).putLong(second);
    }

    @Override
    public boolean open(ByteBuffer stored, int length, int frame, Codec codec, boolean last, int rawLength) {
        described.describe(frame, codec, last, length, rawLength);
        return stored.getLong(length) == hash(stored, length, 0)
                && stored.getLong(length + Long.BYTES) == hash(stored, length, 1);
    }
}

package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.pgark.storage.ObjectName;

/**
 * The tags of one object's frames: two 64-bit hashes of a frame's stored bytes, each under a seed of its own that is
 * derived from what the frame has to be: which object's, of which name, which number, how long, the last or not. They
 * find accidents of every kind, and no attacker; sealing does that. Not for several threads.
 */
final class FrameTags {
    /** The length of a tag in bytes. */
    static final int LENGTH = 16;

    private static final int IDENTITY_LENGTH = 40;
    private static final int NAME_OFFSET = 16;
    private static final int KIND_OFFSET = 24;

    /** Pure Java: as fast as the native one within a per cent of compression's time, without a library to load. */
    private static final XXHash64 HASH = XXHashFactory.safeInstance().hash64();

    private final ByteBuffer identity = ByteBuffer.allocate(IDENTITY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);

    FrameTags(ObjectName name, ObjectKind kind, ObjectId id) {
        byte[] nameBytes = name.value().getBytes(StandardCharsets.UTF_8);
        id.put(identity);
        identity.putLong(NAME_OFFSET, HASH.hash(nameBytes, 0, nameBytes.length, 0));
        identity.put(KIND_OFFSET, (byte) kind.code());
        identity.put(KIND_OFFSET + 1, (byte) FramedObjectFormat.VERSION);
    }

    private void describe(int frame, Codec codec, boolean last, int storedLength, int rawLength) {
        identity.put(KIND_OFFSET + 2, (byte) codec.code());
        identity.put(KIND_OFFSET + 3, (byte) (last ? 1 : 0));
        identity.putInt(KIND_OFFSET + 4, frame);
        identity.putInt(KIND_OFFSET + 8, storedLength);
        identity.putInt(KIND_OFFSET + 12, rawLength);
    }

    private long hash(ByteBuffer stored, int offset, int length, int which) {
        long seed = HASH.hash(identity.array(), 0, IDENTITY_LENGTH, which);
        return HASH.hash(stored, offset, length, seed);
    }

    /** Puts the tag of the bytes from {@code offset} to the position of {@code stored} at that position. */
    void put(ByteBuffer stored, int offset, int frame, Codec codec, boolean last, int rawLength) {
        int length = stored.position() - offset;
        describe(frame, codec, last, length, rawLength);
        long first = hash(stored, offset, length, 0);
        long second = hash(stored, offset, length, 1);
        stored.putLong(first).putLong(second);
    }

    /** Whether the tag that follows the first {@code length} bytes of {@code stored} is theirs. */
    boolean matches(ByteBuffer stored, int length, int frame, Codec codec, boolean last, int rawLength) {
        describe(frame, codec, last, length, rawLength);
        return stored.getLong(length) == hash(stored, 0, length, 0)
                && stored.getLong(length + Long.BYTES) == hash(stored, 0, length, 1);
    }
}

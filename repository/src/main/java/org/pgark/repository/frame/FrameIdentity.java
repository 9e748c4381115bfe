package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.pgark.storage.ObjectName;

/**
 * The 40 bytes that say what a frame has to be: object id (16), XXH64 of the object's name (8), kind (1), format version
 * (1), codec (1), whether it is the last (1), its number (4), stored length (4), raw length (4).
 */
final class FrameIdentity {
    static final int LENGTH = 40;

    private static final int NAME_OFFSET = 16;
    private static final int KIND_OFFSET = 24;

    /** The native one where there is one: what Java has to compile first costs a backup of a few GB a tenth of its time. */
    static final XXHash64 HASH = XXHashFactory.fastestInstance().hash64();

    private final ByteBuffer bytes;

    /**
     * The identity of frames of one object.
     *
     * @param room where it stands at the beginning
     */
    FrameIdentity(byte[] room, ObjectName name, ObjectKind kind, ObjectId id) {
        this.bytes = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN);
        byte[] nameBytes = name.value().getBytes(StandardCharsets.UTF_8);
        id.put(bytes);
        bytes.putLong(NAME_OFFSET, HASH.hash(nameBytes, 0, nameBytes.length, 0));
        bytes.put(KIND_OFFSET, (byte) kind.code());
        bytes.put(KIND_OFFSET + 1, (byte) FramedObjectFormat.VERSION);
    }

    void describe(int frame, Codec codec, boolean last, int storedLength, int rawLength) {
        bytes.put(KIND_OFFSET + 2, (byte) codec.code());
        bytes.put(KIND_OFFSET + 3, (byte) (last ? 1 : 0));
        bytes.putInt(KIND_OFFSET + 4, frame);
        bytes.putInt(KIND_OFFSET + 8, storedLength);
        bytes.putInt(KIND_OFFSET + 12, rawLength);
    }
}

package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pgark.repository.seal.AeadCipher;
import org.pgark.repository.seal.ObjectKey;
import org.pgark.storage.ObjectName;

/**
 * Seals the frames of one object by AES-256-GCM under the object's own key. The nonce is the frame's number; what is
 * authenticated beside the bytes is the frame's identity, the repository's id and the object's whole name, of which a
 * cluster's id is a part.
 */
final class FrameCipher implements FrameSeal {
    private final AeadCipher cipher;
    private final byte[] associated;
    private final FrameIdentity described;
    private byte[] room = new byte[0];

    FrameCipher(ObjectKey key, byte[] repository, ObjectName name, ObjectKind kind, ObjectId id) {
        this.cipher = new AeadCipher(key);
        byte[] nameBytes = name.value().getBytes(StandardCharsets.UTF_8);
        this.associated = Arrays.copyOf(
                new byte[FrameIdentity.LENGTH], FrameIdentity.LENGTH + repository.length + nameBytes.length);
        this.described = new FrameIdentity(associated, name, kind, id);
        System.arraycopy(repository, 0, associated, FrameIdentity.LENGTH, repository.length);
        System.arraycopy(nameBytes, 0, associated, FrameIdentity.LENGTH + repository.length, nameBytes.length);
    }

    private byte[] room(int length) {
        if (room.length < length) {
            // Ciphers work on arrays; through direct buffers both providers copy in small steps.
            room = new byte[length + length / 4];
        }
        return room;
    }

    @Override
    public void seal(ByteBuffer stored, int frame, Codec codec, boolean last, int rawLength) {
        int length = stored.position();
        described.describe(frame, codec, last, length, rawLength);
        byte[] bytes = room(length + TAG_LENGTH);
        stored.get(0, bytes, 0, length);
        cipher.seal(bytes, length, frame, associated);
        stored.clear().put(bytes, 0, length + TAG_LENGTH);
    }

    @Override
    public boolean open(ByteBuffer stored, int length, int frame, Codec codec, boolean last, int rawLength) {
        described.describe(frame, codec, last, length, rawLength);
        byte[] bytes = room(length + TAG_LENGTH);
        stored.get(0, bytes, 0, length + TAG_LENGTH);
        if (!cipher.open(bytes, length, frame, associated)) {
            return false;
        }
        stored.put(0, bytes, 0, length);
        return true;
    }
}

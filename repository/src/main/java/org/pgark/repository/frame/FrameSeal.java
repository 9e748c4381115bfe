package org.pgark.repository.frame;

import java.nio.ByteBuffer;

/** Puts tags on the frames of one object and checks them, sealing and opening the frames if it can. Not for several threads. */
sealed interface FrameSeal permits FrameTags, FrameCipher {
    /** The length of a tag in bytes. */
    int TAG_LENGTH = 16;

    /**
     * Puts the tag of the bytes from 0 to the position of {@code stored} at that position; the bytes are sealed in their
     * place.
     */
    void seal(ByteBuffer stored, int frame, Codec codec, boolean last, int rawLength);

    /**
     * Whether the tag that follows the first {@code length} bytes of {@code stored} is theirs; then they are opened in
     * their place, and otherwise they are not to be used.
     */
    boolean open(ByteBuffer stored, int length, int frame, Codec codec, boolean last, int rawLength);
}

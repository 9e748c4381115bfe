package org.pgark.repository.frame;

import org.jspecify.annotations.Nullable;

/**
 * Where one frame stands and how to read it.
 *
 * @param pack the pack that holds it
 * @param frame its number in the pack, from 0
 * @param offset where its stored bytes begin in the pack, in bytes
 * @param storedLength how many bytes are stored, the tag that follows them not counted
 * @param rawLength how many bytes they are when decompressed
 * @param codec how they are compressed
 */
public record FrameAddress(ObjectId pack, int frame, long offset, int storedLength, int rawLength, Codec codec) {
    /** The most bytes that a frame may hold when decompressed. */
    public static final int MAX_RAW_LENGTH = 8 << 20;

    public FrameAddress {
        if (frame < 0
                || offset < 0
                || rawLength < 1
                || rawLength > MAX_RAW_LENGTH
                || storedLength < 1
                || storedLength > rawLength) {
            throw new IllegalArgumentException("invalid address of frame " + frame + " of pack " + pack + ": offset "
                    + offset + ", " + storedLength + " bytes stored, " + rawLength + " bytes raw");
        }
    }

    /*
     * Asked for each frame: Java makes its own of a record anew in each process, and of calls.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FrameAddress address
                && pack.equals(address.pack)
                && frame == address.frame
                && offset == address.offset
                && storedLength == address.storedLength
                && rawLength == address.rawLength
                && codec == address.codec;
    }

    /** Of the place alone, since two frames never stand at one. */
    @Override
    public int hashCode() {
        return 31 * pack.hashCode() + Long.hashCode(offset);
    }
}

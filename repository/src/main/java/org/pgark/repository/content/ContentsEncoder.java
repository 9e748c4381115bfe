package org.pgark.repository.content;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pgark.repository.frame.ByteEncoder;

/** Collects what the frames of a pack are, for the pack's frames of contents. */
public final class ContentsEncoder {
    static final int VERSION = 1;

    private final ByteEncoder target = new ByteEncoder(16 << 10);
    private byte[] pathBefore = {};

    /** How many bytes were collected. */
    public int length() {
        return target.length();
    }

    /** Adds the next frame that has contents; numbers ascend. */
    public void add(int frame, FrameContents contents) {
        if (target.length() == 0) {
            target.putByte(VERSION);
        }
        target.putNumber(frame);
        target.putNumber(contents.parts().size());
        for (FrameContents.Part part : contents.parts()) {
            byte[] path = part.path().getBytes(StandardCharsets.UTF_8);
            int mismatch = Arrays.mismatch(pathBefore, path);
            int shared = mismatch < 0 ? path.length : mismatch;
            target.putNumber(shared);
            target.putNumber(path.length - shared);
            target.putRaw(path, shared, path.length - shared);
            target.putNumber(part.position());
            target.putNumber(part.length());
            target.putRaw(part.hashes(), 0, part.hashes().length);
            pathBefore = path;
        }
    }

    /** The bytes for a frame of contents, until the next change. */
    public ByteBuffer view() {
        return target.view();
    }

    /** Begins the next frame of contents. */
    public void clear() {
        target.clear();
        pathBefore = new byte[0];
    }
}

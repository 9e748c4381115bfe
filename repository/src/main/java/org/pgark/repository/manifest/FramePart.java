package org.pgark.repository.manifest;

import org.pgark.repository.frame.FrameAddress;

/**
 * A run of bytes inside one frame.
 *
 * @param frame the frame
 * @param offset where the run begins in the frame's raw bytes
 * @param length how many bytes it has
 */
public record FramePart(FrameAddress frame, int offset, int length) {
    public FramePart {
        if (offset < 0 || length < 1 || offset > frame.rawLength() - length) {
            throw new IllegalArgumentException(
                    "invalid part of a frame of " + frame.rawLength() + " bytes: " + length + " bytes from " + offset);
        }
    }
}

package org.pgark.repository.manifest;

import org.pgark.repository.frame.FrameAddress;

/**
 * Where a stream of sorted entries begins to be read.
 *
 * @param root the frame at the top of its index
 * @param entries how many entries the stream has
 */
public record StreamRoot(FrameAddress root, long entries) {
    public StreamRoot {
        if (entries < 0) {
            throw new IllegalArgumentException("invalid number of entries " + entries);
        }
    }
}

package org.pgark.repository.manifest;

import java.io.IOException;
import org.pgark.repository.frame.FrameAddress;

/** Is told of each frame that a backup needs. */
@FunctionalInterface
public interface FrameVisitor {
    /** A frame that is needed, where it stands now; the same frame may come many times. */
    void visit(FrameAddress frame) throws IOException;
}

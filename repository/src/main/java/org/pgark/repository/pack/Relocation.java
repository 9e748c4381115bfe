package org.pgark.repository.pack;

import java.io.IOException;
import org.pgark.repository.frame.FrameAddress;

/** Where the frames of packs stand that were rewritten. For several threads. */
public interface Relocation {
    /** No pack was ever rewritten. */
    Relocation NONE = new Relocation() {
        @Override
        public FrameAddress current(FrameAddress address) {
            return address;
        }

        @Override
        public void refresh() {}
    };

    /** Where a frame stands now, as far as is known: the same address, itself, if it was not moved. */
    FrameAddress current(FrameAddress address) throws IOException;

    /** Looks which packs were rewritten meanwhile. */
    void refresh() throws IOException;
}

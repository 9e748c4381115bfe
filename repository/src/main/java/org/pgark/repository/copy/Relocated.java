package org.pgark.repository.copy;

import java.io.IOException;
import java.util.Set;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.Relocation;

/** Where frames stand whose packs were copied. */
final class Relocated implements FileWalk.Placing {
    private final Relocation relocation;
    private final Set<ObjectId> packs;

    Relocated(Relocation relocation, Set<ObjectId> packs) {
        this.relocation = relocation;
        this.packs = packs;
    }

    @Override
    public FrameAddress place(FrameAddress frame) throws IOException {
        FrameAddress placed = relocation.current(frame);
        if (!packs.contains(frame.pack()) || placed.equals(frame)) {
            throw new IOException("frame " + frame.frame() + " of pack " + frame.pack() + " was not copied");
        }
        return placed;
    }
}

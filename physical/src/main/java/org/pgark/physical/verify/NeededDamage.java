package org.pgark.physical.verify;

import java.io.IOException;
import java.util.Optional;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.FrameVisitor;
import org.pgark.repository.pack.FrameReader;

/** Finds the first damaged frame among those that a backup needs. */
final class NeededDamage implements FrameVisitor {
    private final FrameReader reader;
    private final DamagedFrames damaged;
    private Optional<FrameAddress> first = Optional.empty();

    NeededDamage(FrameReader reader, DamagedFrames damaged) {
        this.reader = reader;
        this.damaged = damaged;
    }

    @Override
    public void visit(FrameAddress frame) throws IOException {
        if (first.isEmpty()) {
            FrameAddress current = reader.current(frame);
            if (damaged.contains(current)) {
                first = Optional.of(current);
            }
        }
    }

    Optional<FrameAddress> first() {
        return first;
    }
}

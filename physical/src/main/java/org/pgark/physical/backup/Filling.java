package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackWriter;

/** The frame that is being put together, and who has a part of it. Not for several threads. */
final class Filling {
    private final PackWriter packs;
    private final SharedRuns shared;
    private final Leftovers leftovers;
    private final ContentHasher hasher;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(Packer.FRAME_BYTES);
    private final List<Claim> claims = new ArrayList<>();

    /** A stretch of the frame that belongs to one file; its extent is known when the frame is written. */
    private record Claim(Placement placement, int room, FrameContents.Part part, RunHash hash) {}

    Filling(PackWriter packs, SharedRuns shared, Leftovers leftovers, ContentHasher hasher) {
        this.leftovers = leftovers;
        this.packs = packs;
        this.shared = shared;
        this.hasher = hasher;
    }

    /**
     * Adds a run of a file, or finds that it is stored already.
     *
     * @param bytes holds the run from {@code part.length()} bytes at {@code offset} on
     */
    void add(byte[] bytes, int offset, FrameContents.Part part, Placement placement) throws IOException {
        RunHash hash = RunHash.of(part, hasher);
        Optional<FramePart> known = shared.find(hash);
        if (known.isPresent()) {
            placement.add(new Extent.Stored(known.get()));
            leftovers.use(known.get());
            return;
        }
        if (frame.remaining() < part.length()) {
            flush();
        }
        frame.put(bytes, offset, part.length());
        claims.add(new Claim(placement, placement.reserve(), part, hash));
        if (!frame.hasRemaining()) {
            flush();
        }
    }

    /** Writes the frame, if there is anything in it. */
    void flush() throws IOException {
        if (claims.isEmpty()) {
            return;
        }
        frame.flip();
        FrameAddress address = packs.append(
                frame, new FrameContents(claims.stream().map(Claim::part).toList()));
        int offset = 0;
        for (Claim claim : claims) {
            FramePart part = new FramePart(address, offset, claim.part.length());
            claim.placement.fill(claim.room, new Extent.Stored(part));
            shared.add(claim.hash, part);
            offset += part.length();
        }
        claims.clear();
        frame.clear();
    }
}

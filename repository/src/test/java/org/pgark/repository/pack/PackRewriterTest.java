package org.pgark.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class PackRewriterTest {
    private static final ObjectName PACKS = new ObjectName("packs");

    private final FramedObjects objects = FramedObjects.unsealed(new MemoryStore());
    private final Random random = new Random(1);

    /** Else the log would say that frames of the first pack stand where only some of them do. */
    @Test
    void whatAPackOfACollectionThatWasGivenUpSaysOfOthersIsNotHandedOn() throws IOException {
        ObjectId first = pack(3);
        ObjectId givenUp =
                rewritten(Map.of(), Map.of(first, frames(1))).getFirst().pack().id();
        List<PackRewriter.Rewritten> alone = rewritten(Map.of(), Map.of(givenUp, frames(0)));
        assertThat(alone)
                .singleElement()
                .satisfies(pack -> assertThat(pack.before()).containsExactly(givenUp));
        PackRewriter.Rewritten both = rewritten(Map.of(), Map.of(first, frames(0, 1, 2), givenUp, frames(0)))
                .getFirst();
        assertThat(both.before()).containsExactlyInAnyOrder(first, givenUp);
        for (int number = 0; number < 3; number++) {
            assertThat(current(first, number, both)).isEqualTo(number);
        }
    }

    @Test
    void whatTheLogSaysToHaveMovedHereIsHandedOn() throws IOException {
        ObjectId first = pack(3);
        ObjectId second = rewritten(Map.of(), Map.of(first, frames(1, 2)))
                .getFirst()
                .pack()
                .id();
        PackRewriter.Rewritten third =
                rewritten(Map.of(first, second), Map.of(second, frames(0, 1))).getFirst();
        assertThat(third.before()).containsExactlyInAnyOrder(first, second);
        assertThat(current(first, 1, third)).isEqualTo(1);
        assertThat(current(first, 2, third)).isEqualTo(2);
    }

    /** The content, a number, of what was once a frame of a pack. */
    private int current(ObjectId pack, int number, PackRewriter.Rewritten now) throws IOException {
        RewrittenPacks moved =
                new RewrittenPacks(objects, PACKS, () -> Map.of(pack, now.pack().id()));
        FrameAddress before = new FrameAddress(pack, number, 64, 1000, 1000, Compression.NONE.codec());
        byte[] target = new byte[1000];
        try (FrameReader reader = new FrameReader(objects, PACKS)) {
            reader.read(moved.current(before), target);
        }
        return ByteBuffer.wrap(target).getInt(0);
    }

    private static BitSet frames(int... numbers) {
        BitSet frames = new BitSet();
        for (int number : numbers) {
            frames.set(number);
        }
        return frames;
    }

    private ObjectId pack(int frames) throws IOException {
        try (PackWriter writer = new PackWriter(objects, PACKS, Compression.NONE, random)) {
            for (int number = 0; number < frames; number++) {
                writer.append(ByteBuffer.allocate(1000).putInt(0, number));
            }
            writer.commit();
            return writer.packs().getFirst().id();
        }
    }

    private List<PackRewriter.Rewritten> rewritten(Map<ObjectId, ObjectId> moves, Map<ObjectId, BitSet> packs)
            throws IOException {
        try (PackRewriter rewriter = new PackRewriter(objects, PACKS, random)) {
            for (Map.Entry<ObjectId, BitSet> pack : packs.entrySet()) {
                rewriter.rewrite(pack.getKey(), pack.getValue(), moves);
            }
            rewriter.finishPack();
            return rewriter.take();
        }
    }
}

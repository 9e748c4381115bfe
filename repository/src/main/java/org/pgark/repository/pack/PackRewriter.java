package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.content.ContentsEncoder;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.content.PackContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameCompressor;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectName;

/**
 * Copies those frames of packs that are still needed into new packs. Frames are checked by their tags and not compressed
 * anew; what is known of them comes along, and a table of where each stood before, also before an earlier move. All
 * frames of one pack go into one new pack. Not for several threads.
 */
public final class PackRewriter implements AutoCloseable {
    private static final int CONTENTS_FULL = 256 << 10;

    private final FramedObjects objects;
    private final ObjectName folder;
    private final RandomGenerator random;
    private final long full;
    private final FrameCompressor compressor = new FrameCompressor(Compression.DEFAULT);
    private final FrameDecoder decoder = new FrameDecoder();
    private final List<Rewritten> rewritten = new ArrayList<>();
    private final List<MovedFrames.Run> runs = new ArrayList<>();
    private final ContentsEncoder contents = new ContentsEncoder();
    private @Nullable FramedObjectWriter current;

    /**
     * A new pack.
     *
     * @param pack which
     * @param before the packs whose needed frames it has, directly or by an earlier move
     */
    public record Rewritten(PackSummary pack, List<ObjectId> before) {
        public Rewritten {
            before = List.copyOf(before);
        }
    }

    /** Rewrites packs of a folder; ids of new packs are drawn from {@code random}. */
    public PackRewriter(FramedObjects objects, ObjectName folder, RandomGenerator random) {
        this(objects, folder, random, PackWriter.FULL);
    }

    PackRewriter(FramedObjects objects, ObjectName folder, RandomGenerator random, long full) {
        this.objects = objects;
        this.folder = folder;
        this.random = random;
        this.full = full;
    }

    /**
     * Copies the needed frames of a pack.
     *
     * @param needed their numbers
     * @param moves where the log says that frames of packs stand which were rewritten. A pack of a collection that was given up
     *     may be taken over by a backup; what its table says of others is nothing that anybody goes by
     * @throws DamagedObjectException if the pack is not what was written; nothing of it counts as moved then
     */
    public void rewrite(ObjectId pack, BitSet needed, Map<ObjectId, ObjectId> moves) throws IOException {
        ObjectName name = PackNames.of(folder, pack);
        FramedObjectReader source = FramedObjectReader.open(objects, name, ObjectKind.PACK, decoder);
        try {
            PackContents known = PackContentsCache.contents(source);
            List<MovedFrames.Run> earlier =
                    List.copyOf(RewrittenPacks.moved(source).values());
            int[] numbers = copy(source, needed, known);
            runs.add(run(pack, numbers));
            for (MovedFrames.Run run : earlier) {
                if (pack.equals(moves.get(run.pack()))) {
                    handedOn(run, numbers).ifPresent(runs::add);
                }
            }
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, "it cannot be rewritten: " + e.getMessage());
        }
    }

    /** Copies frames; says for each frame of the source which number it has now, -1 if none. */
    private int[] copy(FramedObjectReader source, BitSet needed, PackContents known) throws IOException {
        if (needed.length() > source.frames().size()) {
            throw new MalformedBytesException("frame " + (needed.length() - 1) + " is needed, and it has only "
                    + source.frames().size());
        }
        int[] numbers = new int[source.frames().size()];
        java.util.Arrays.fill(numbers, -1);
        for (FramedObjectReader.IndexedFrame frame : source.frames()) {
            int number = frame.address().frame();
            if (needed.get(number)) {
                FramedObjectWriter target = target();
                FrameAddress moved = target.appendStored(source.readStored(frame), frame.address(), frame.role());
                numbers[number] = moved.frame();
                Optional<FrameContents> what = known.of(number);
                if (what.isPresent()) {
                    contents.add(moved.frame(), what.get());
                    if (contents.length() >= CONTENTS_FULL) {
                        writeContents(target);
                    }
                }
            }
        }
        return numbers;
    }

    private static MovedFrames.Run run(ObjectId pack, int[] numbers) {
        BitSet moved = new BitSet(numbers.length);
        for (int number = 0; number < numbers.length; number++) {
            moved.set(number, numbers[number] >= 0);
        }
        int[] before = moved.stream().toArray();
        return new MovedFrames.Run(
                pack, before, moved.stream().map(number -> numbers[number]).toArray());
    }

    /** What is left of an earlier move into a pack that was rewritten now. */
    private static Optional<MovedFrames.Run> handedOn(MovedFrames.Run earlier, int[] numbers) {
        int[] kept = java.util.stream.IntStream.range(0, earlier.before().length)
                .filter(i -> earlier.after()[i] < numbers.length && numbers[earlier.after()[i]] >= 0)
                .toArray();
        if (kept.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new MovedFrames.Run(
                earlier.pack(),
                java.util.Arrays.stream(kept).map(i -> earlier.before()[i]).toArray(),
                java.util.Arrays.stream(kept)
                        .map(i -> numbers[earlier.after()[i]])
                        .toArray()));
    }

    private FramedObjectWriter target() throws IOException {
        FramedObjectWriter pack = current;
        if (pack == null) {
            ObjectId id = ObjectId.random(random);
            pack = new FramedObjectWriter(objects, PackNames.of(folder, id), ObjectKind.PACK, id, compressor);
            current = pack;
        }
        return pack;
    }

    private void writeContents(FramedObjectWriter target) throws IOException {
        if (contents.length() > 0) {
            target.append(contents.view(), FrameRole.CONTENTS);
            contents.clear();
        }
    }

    /** Whether the pack at hand has grown so large that the next one to rewrite should go into another. */
    public boolean isFull() {
        return current != null && current.size() >= full;
    }

    /** Makes the pack at hand durable, if there is one; further packs go into a new one. */
    public void finishPack() throws IOException {
        FramedObjectWriter pack = current;
        if (pack == null) {
            return;
        }
        writeContents(pack);
        for (ByteBuffer table : MovedFrames.encode(runs)) {
            pack.append(table, FrameRole.MOVED);
        }
        pack.finish();
        current = null;
        try (pack) {
            pack.commit();
            rewritten.add(new Rewritten(
                    new PackSummary(pack.id(), pack.size()),
                    runs.stream().map(MovedFrames.Run::pack).toList()));
        }
        runs.clear();
    }

    /** Takes the new packs that are durable; they are not told again. */
    public List<Rewritten> take() {
        List<Rewritten> taken = List.copyOf(rewritten);
        rewritten.clear();
        return taken;
    }

    /** Gives up what is not durable and releases the buffers. */
    @Override
    public void close() throws IOException {
        compressor.close();
        decoder.close();
        FramedObjectWriter pack = current;
        if (pack != null) {
            current = null;
            pack.close();
        }
    }
}

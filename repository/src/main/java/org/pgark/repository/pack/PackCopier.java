package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.ContentsEncoder;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.content.PackContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
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
 * Copies frames of packs of one repository into new packs of another one, which has other keys. Frames are checked by
 * their tags, sealed anew and not compressed anew; what is known of them comes along, hashed with the other repository's
 * key. Like a rewritten pack, a new one has a table of where its frames stood before, by which a copy that was
 * interrupted is taken up again. Not for several threads.
 */
public final class PackCopier implements AutoCloseable {
    private static final int CONTENTS_FULL = 256 << 10;

    private final FramedObjects from;
    private final ObjectName fromFolder;
    private final FramedObjects to;
    private final ObjectName toFolder;
    private final ContentHasher hasher;
    private final RandomGenerator random;
    private final FrameCompressor compressor = new FrameCompressor(Compression.DEFAULT);
    private final FrameDecoder decoder = new FrameDecoder();

    /**
     * Copies from one folder of packs into another.
     *
     * @param hasher of the repository that is copied to
     */
    public PackCopier(
            FramedObjects from,
            ObjectName fromFolder,
            FramedObjects to,
            ObjectName toFolder,
            ContentHasher hasher,
            RandomGenerator random) {
        this.from = from;
        this.fromFolder = fromFolder;
        this.to = to;
        this.toFolder = toFolder;
        this.hasher = hasher;
        this.random = random;
    }

    /**
     * Copies frames of a pack into a new one, which is durable then.
     *
     * @param wanted their numbers; at least one
     * @throws DamagedObjectException if the pack is not what was written; nothing of it is copied then
     */
    public PackSummary copy(ObjectId pack, BitSet wanted) throws IOException {
        ObjectName name = PackNames.of(fromFolder, pack);
        FramedObjectReader source = FramedObjectReader.open(from, name, ObjectKind.PACK, decoder);
        if (wanted.length() > source.frames().size()) {
            throw new DamagedObjectException(
                    name,
                    "frame " + (wanted.length() - 1) + " is needed, and it has only "
                            + source.frames().size());
        }
        PackContents known;
        try {
            known = PackContentsCache.contents(source);
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, "it cannot be copied: " + e.getMessage());
        }
        ObjectId id = ObjectId.random(random);
        try (FramedObjectWriter target =
                new FramedObjectWriter(to, PackNames.of(toFolder, id), ObjectKind.PACK, id, compressor)) {
            MovedFrames.Run run = copy(source, pack, wanted, known, target);
            for (ByteBuffer table : MovedFrames.encode(List.of(run))) {
                target.append(table, FrameRole.MOVED);
            }
            target.finish();
            target.commit();
            return new PackSummary(id, target.size());
        }
    }

    private MovedFrames.Run copy(
            FramedObjectReader source, ObjectId pack, BitSet wanted, PackContents known, FramedObjectWriter target)
            throws IOException {
        ContentsEncoder contents = new ContentsEncoder();
        int[] before = wanted.stream().toArray();
        int[] after = new int[before.length];
        for (int index = 0; index < before.length; index++) {
            FramedObjectReader.IndexedFrame frame = source.frames().get(before[index]);
            ByteBuffer stored = source.readStored(frame);
            Optional<FrameContents> what = known.of(before[index]);
            Optional<FrameContents> rehashed = what.isPresent() ? hashed(source, frame, what.get()) : Optional.empty();
            after[index] =
                    target.appendStored(stored, frame.address(), frame.role()).frame();
            if (rehashed.isPresent()) {
                contents.add(after[index], rehashed.get());
                if (contents.length() >= CONTENTS_FULL) {
                    target.append(contents.view(), FrameRole.CONTENTS);
                    contents.clear();
                }
            }
        }
        if (contents.length() > 0) {
            target.append(contents.view(), FrameRole.CONTENTS);
        }
        return new MovedFrames.Run(pack, before, after);
    }

    /** What a frame is, with the hashes of the other repository. */
    private Optional<FrameContents> hashed(
            FramedObjectReader source, FramedObjectReader.IndexedFrame frame, FrameContents what) throws IOException {
        if (what.length() != frame.address().rawLength()) {
            return Optional.empty();
        }
        byte[] raw = source.decompressStored(frame);
        List<FrameContents.Part> parts = new ArrayList<>();
        int at = 0;
        for (FrameContents.Part part : what.parts()) {
            parts.add(new FrameContents.Part(
                    part.path(), part.position(), part.length(), hasher.hashUnits(raw, at, part.length())));
            at += part.length();
        }
        return Optional.of(new FrameContents(parts));
    }

    /** Which frames of which packs of the other repository a pack that is here already was copied from. */
    public Map<ObjectId, BitSet> origins(ObjectId pack) throws IOException {
        ObjectName name = PackNames.of(toFolder, pack);
        FramedObjectReader reader = FramedObjectReader.open(to, name, ObjectKind.PACK, decoder);
        Map<ObjectId, BitSet> origins = new HashMap<>();
        try {
            RewrittenPacks.moved(reader).forEach((from, run) -> {
                BitSet frames = new BitSet();
                for (int number : run.before()) {
                    frames.set(number);
                }
                origins.put(from, frames);
            });
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, "its moved frames are malformed: " + e.getMessage());
        }
        return origins;
    }

    @Override
    public void close() {
        compressor.close();
        decoder.close();
    }
}

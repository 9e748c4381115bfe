package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;

/**
 * Follows frames from the packs that were rewritten into those that hold them now. One hop suffices, since a pack that is
 * rewritten again hands on what it knows of the packs before. Keeps the tables that were used last. For several threads.
 */
public final class RewrittenPacks implements Relocation {
    /** Some 80 bytes of memory each. */
    private static final int FRAMES_KEPT = 200_000;

    private final FramedObjects objects;
    private final ObjectName folder;
    private final Moves moves;
    private final SequencedMap<ObjectId, MovedFrames.Resolved> tables = new LinkedHashMap<>(16, 0.75f, true);
    private int framesKept;
    private volatile @Nullable Map<ObjectId, ObjectId> known;

    /** Tells which packs were rewritten. */
    public interface Moves {
        /** For each pack that was rewritten the one that holds its frames now. */
        Map<ObjectId, ObjectId> read() throws IOException;
    }

    /** Follows frames within a folder of packs; {@code moves} is asked when the first frame is looked for. */
    public RewrittenPacks(FramedObjects objects, ObjectName folder, Moves moves) {
        this.objects = objects;
        this.folder = folder;
        this.moves = moves;
    }

    @Override
    public FrameAddress current(FrameAddress address) throws IOException {
        Map<ObjectId, ObjectId> now = known;
        if (now == null) {
            refresh();
            now = known == null ? Map.of() : known;
        }
        ObjectId pack = now.get(address.pack());
        if (pack == null) {
            return address;
        }
        try {
            return table(pack).current(address);
        } catch (NoSuchObjectException e) {
            // It was rewritten again, or is gone with the last backup that needed it: who reads the frame will look
            // anew.
            return address;
        }
    }

    @Override
    public void refresh() throws IOException {
        known = Map.copyOf(moves.read());
    }

    private MovedFrames.Resolved table(ObjectId pack) throws IOException {
        synchronized (tables) {
            MovedFrames.Resolved found = tables.get(pack);
            if (found != null) {
                return found;
            }
        }
        MovedFrames.Resolved read = read(pack);
        synchronized (tables) {
            if (tables.put(pack, read) == null) {
                framesKept += read.weight();
            }
            while (framesKept > FRAMES_KEPT && tables.size() > 1) {
                framesKept -= tables.pollFirstEntry().getValue().weight();
            }
        }
        return read;
    }

    private MovedFrames.Resolved read(ObjectId pack) throws IOException {
        ObjectName name = PackNames.of(folder, pack);
        try (FrameDecoder decoder = new FrameDecoder()) {
            FramedObjectReader reader = FramedObjectReader.open(objects, name, ObjectKind.PACK, decoder);
            return new MovedFrames.Resolved(
                    moved(reader),
                    reader.frames().stream()
                            .map(FramedObjectReader.IndexedFrame::address)
                            .toList());
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, "its moved frames are malformed: " + e.getMessage());
        }
    }

    /** The table of a pack; empty if nothing was moved into it. */
    static SequencedMap<ObjectId, MovedFrames.Run> moved(FramedObjectReader pack) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (FramedObjectReader.IndexedFrame frame : pack.frames()) {
            if (frame.role() == FrameRole.MOVED) {
                byte[] raw = new byte[frame.address().rawLength()];
                pack.read(frame, ByteBuffer.wrap(raw));
                frames.add(raw);
            }
        }
        return MovedFrames.decode(frames);
    }
}

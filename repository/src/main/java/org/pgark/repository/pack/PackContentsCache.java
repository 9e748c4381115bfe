package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.content.PackContents;
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

/** Reads what packs contain, and keeps what was used last. For several threads. */
public final class PackContentsCache {
    private final FramedObjects objects;
    private final ObjectName folder;
    private final long memory;
    private final Relocation relocation;
    private final SequencedMap<ObjectId, PackContents> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /** Reads packs of a folder and keeps contents of so many bytes. */
    public PackContentsCache(FramedObjects objects, ObjectName folder, long memory) {
        this(objects, folder, memory, Relocation.NONE);
    }

    /** Like {@link #PackContentsCache(ObjectStore, ObjectName, long)}, of packs of which some were rewritten. */
    public PackContentsCache(FramedObjects objects, ObjectName folder, long memory, Relocation relocation) {
        this.relocation = relocation;
        this.objects = objects;
        this.folder = folder;
        this.memory = memory;
    }

    /**
     * The hashes of the units of a run; empty if they are not known.
     *
     * @throws DamagedObjectException if the pack is not what was written
     * @throws org.pgark.storage.NoSuchObjectException if it is missing
     */
    public Optional<byte[]> hashes(FrameAddress frame, int offset, int length) throws IOException {
        FrameAddress place = relocation.current(frame);
        while (true) {
            try {
                return of(place.pack()).hashes(place.frame(), offset, length);
            } catch (NoSuchObjectException e) {
                relocation.refresh();
                FrameAddress now = relocation.current(frame);
                if (now.equals(place)) {
                    throw e;
                }
                place = now;
            }
        }
    }

    /** What a pack contains. */
    public PackContents of(ObjectId pack) throws IOException {
        synchronized (kept) {
            PackContents found = kept.get(pack);
            if (found != null) {
                return found;
            }
        }
        PackContents read = read(pack);
        synchronized (kept) {
            if (kept.put(pack, read) == null) {
                weight += read.weight();
            }
            while (weight > memory && kept.size() > 1) {
                Map.Entry<ObjectId, PackContents> oldest = kept.firstEntry();
                weight -= oldest.getValue().weight();
                kept.remove(oldest.getKey());
            }
        }
        return read;
    }

    /**
     * Goes through the frames of a pack of which is known what they are; keeps nothing.
     *
     * @throws DamagedObjectException if the pack is not what was written
     * @throws org.pgark.storage.NoSuchObjectException if it is missing
     */
    public void survey(ObjectId pack, BiConsumer<FrameAddress, FrameContents> visitor) throws IOException {
        try (FrameDecoder decoder = new FrameDecoder()) {
            FramedObjectReader reader =
                    FramedObjectReader.open(objects, PackNames.of(folder, pack), ObjectKind.PACK, decoder);
            PackContents contents = contents(reader);
            for (FramedObjectReader.IndexedFrame frame : reader.frames()) {
                contents.of(frame.address().frame()).ifPresent(known -> {
                    if (known.length() == frame.address().rawLength()) {
                        visitor.accept(frame.address(), known);
                    }
                });
            }
        } catch (MalformedBytesException e) {
            throw malformed(pack, e);
        }
    }

    private PackContents read(ObjectId pack) throws IOException {
        try (FrameDecoder decoder = new FrameDecoder()) {
            return contents(FramedObjectReader.open(objects, PackNames.of(folder, pack), ObjectKind.PACK, decoder));
        } catch (MalformedBytesException e) {
            throw malformed(pack, e);
        }
    }

    private DamagedObjectException malformed(ObjectId pack, MalformedBytesException cause) {
        return new DamagedObjectException(
                PackNames.of(folder, pack), "its contents are malformed: " + cause.getMessage());
    }

    /** What a pack that is open contains. */
    static PackContents contents(FramedObjectReader reader) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (FramedObjectReader.IndexedFrame frame : reader.frames()) {
            if (frame.role() == FrameRole.CONTENTS) {
                byte[] raw = new byte[frame.address().rawLength()];
                reader.read(frame, ByteBuffer.wrap(raw));
                contents.add(raw);
            }
        }
        return PackContents.decode(contents);
    }
}

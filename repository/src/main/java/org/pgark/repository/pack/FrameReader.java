package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameSource;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;

/** Reads single frames of packs, each by one range read. One for each worker, not for several threads. */
public final class FrameReader implements AutoCloseable {
    private final FramedObjects objects;
    private final ObjectName folder;
    private final Relocation relocation;
    private @Nullable FrameSource source;
    private ObjectId pack = new ObjectId(0, 0);

    /** Reads packs of a folder, for example {@code clusters/4f0c4f0c4f0c4f0c/packs}. */
    public FrameReader(FramedObjects objects, ObjectName folder) {
        this(objects, folder, Relocation.NONE);
    }

    /** Like {@link #FrameReader(ObjectStore, ObjectName)}, of packs of which some were rewritten. */
    public FrameReader(FramedObjects objects, ObjectName folder, Relocation relocation) {
        this.objects = objects;
        this.folder = folder;
        this.relocation = relocation;
    }

    /** Where a frame stands now, as far as is known; itself if it was not moved. */
    public FrameAddress current(FrameAddress address) throws IOException {
        return relocation.current(address);
    }

    /**
     * Reads, checks and decompresses one frame into {@code target} from its position on; the position moves behind it.
     *
     * @param target with at least {@code address.rawLength()} bytes remaining; best a direct buffer
     * @throws org.pgark.repository.frame.DamagedObjectException naming the pack and the frame, if it is not what was
     *     written
     * @throws org.pgark.storage.NoSuchObjectException naming the pack, if it is missing
     */
    public void read(FrameAddress address, ByteBuffer target) throws IOException {
        FrameAddress place = relocation.current(address);
        while (true) {
            try {
                at(place.pack()).read(place, target);
                return;
            } catch (NoSuchObjectException e) {
                place = placeAnew(address, place, e);
            }
        }
    }

    /** A pack that is missing may have been rewritten since the last look at the log. */
    private FrameAddress placeAnew(FrameAddress address, FrameAddress missing, NoSuchObjectException cause)
            throws IOException {
        relocation.refresh();
        FrameAddress place = relocation.current(address);
        if (place.equals(missing)) {
            throw cause;
        }
        return place;
    }

    /** Like {@link #read(FrameAddress, ByteBuffer)}, into the beginning of an array. */
    public void read(FrameAddress address, byte[] target) throws IOException {
        read(address, ByteBuffer.wrap(target));
    }

    /** The name of the object that holds a pack, for messages. */
    public ObjectName nameOf(ObjectId id) {
        return PackNames.of(folder, id);
    }

    private FrameSource at(ObjectId id) {
        FrameSource found = source;
        if (found == null) {
            found = new FrameSource(objects, ObjectKind.PACK, PackNames.of(folder, id), id);
            source = found;
        } else if (!id.equals(pack)) {
            found.turnTo(PackNames.of(folder, id), id);
        }
        pack = id;
        return found;
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}

package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectName;

/** Reads packs whole and checks every byte of them. Not for several threads. */
public final class PackCheck implements AutoCloseable {
    private final FramedObjects objects;
    private final ObjectName folder;
    private final FrameDecoder decoder = new FrameDecoder();
    private ByteBuffer raw = ByteBuffer.allocateDirect(256 << 10);

    /** Checks packs of a folder. */
    public PackCheck(FramedObjects objects, ObjectName folder) {
        this.objects = objects;
        this.folder = folder;
    }

    /**
     * Reads a pack.
     *
     * @throws DamagedObjectException if it is not what was written
     * @throws org.pgark.storage.NoSuchObjectException if it is missing
     */
    public void check(PackSummary pack) throws IOException {
        check(pack, (_, failure) -> {
            throw failure;
        });
    }

    /** Told of each damaged frame. */
    public interface FrameFault {
        /** Takes the number of the frame and what is wrong with it. */
        void found(int frame, DamagedObjectException failure) throws DamagedObjectException;
    }

    /**
     * Reads a pack, damaged frames included; what is wrong with it as a whole is an exception.
     *
     * @throws DamagedObjectException if it is not what was written
     * @throws org.pgark.storage.NoSuchObjectException if it is missing
     */
    public void check(PackSummary pack, FrameFault fault) throws IOException {
        ObjectName name = PackNames.of(folder, pack.id());
        FramedObjectReader reader = FramedObjectReader.open(objects, name, ObjectKind.PACK, decoder);
        if (reader.size() != pack.size()) {
            throw new DamagedObjectException(name, "it has " + reader.size() + " bytes instead of " + pack.size());
        }
        if (!reader.id().equals(pack.id())) {
            throw new DamagedObjectException(name, "it is another pack, " + reader.id());
        }
        reader.checkHeader();
        for (FramedObjectReader.IndexedFrame frame : reader.frames()) {
            try {
                reader.read(frame, room(frame.address()));
            } catch (DamagedObjectException e) {
                fault.found(frame.address().frame(), e);
            }
        }
    }

    private ByteBuffer room(FrameAddress address) {
        if (raw.capacity() < address.rawLength()) {
            raw = ByteBuffer.allocateDirect(address.rawLength());
        }
        return raw.clear();
    }

    @Override
    public void close() {
        decoder.close();
    }
}

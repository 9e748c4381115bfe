package org.pgark.repository.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/** The packs of one folder as objects. */
public final class PackFolder {
    private final FramedObjects objects;
    private final ObjectName folder;

    /** Packs of a folder, for example {@code clusters/4f0c4f0c4f0c4f0c/packs}. */
    public PackFolder(FramedObjects objects, ObjectName folder) {
        this.objects = objects;
        this.folder = folder;
    }

    /** The packs that a listing shows; there may be others. */
    public List<PackSummary> list() throws IOException {
        List<PackSummary> packs = new ArrayList<>();
        for (StoredObject object : objects.store().list(folder)) {
            String digits = object.name().lastPart();
            if (digits.matches("[0-9a-f]{32}") && object.size() > 0) {
                packs.add(new PackSummary(ObjectId.parse(digits), object.size()));
            }
        }
        return packs;
    }

    /** How many bytes of a pack hold what backups refer to: all of its frames but those that speak of the others. */
    public long referableBytes(ObjectId pack) throws IOException {
        try (FrameDecoder decoder = new FrameDecoder()) {
            return FramedObjectReader.open(objects, PackNames.of(folder, pack), ObjectKind.PACK, decoder)
                    .frames()
                    .stream()
                    .filter(frame -> frame.role() != FrameRole.CONTENTS && frame.role() != FrameRole.MOVED)
                    .mapToLong(frame -> frame.address().storedLength())
                    .sum();
        }
    }

    /** Takes room that is kept for the time when the place is full, see {@link org.pgark.storage.ObjectStore#openReserve}. */
    public void openReserve() {
        objects.store().openReserve();
    }

    /** Keeps room for the time when the place is full. */
    public void keepReserve() {
        objects.store().keepReserve();
    }

    /**
     * Deletes a pack.
     *
     * @return false if it is known not to be there; where objects are locked this is always known
     * @throws org.pgark.storage.LockedObjectException if it is locked, and stays
     */
    public boolean delete(ObjectId pack) throws IOException {
        ObjectName name = PackNames.of(folder, pack);
        if (objects.store().lockPeriod().isPresent()
                && objects.store().size(name).isEmpty()) {
            return false;
        }
        objects.store().delete(name);
        return true;
    }
}

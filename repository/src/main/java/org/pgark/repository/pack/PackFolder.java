package org.pgark.repository.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.LockedObjectException;
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
     * What became of packs that were to be deleted.
     *
     * @param deleted not those that are known not to have been there; where objects are locked this is always known
     * @param locked those that stay
     */
    public record Deletion(Set<ObjectId> deleted, Map<ObjectId, LockedObjectException> locked) {}

    /** Deletes packs. */
    public Deletion delete(Collection<ObjectId> packs) throws IOException {
        Map<ObjectName, ObjectId> there = new LinkedHashMap<>();
        for (ObjectId pack : packs) {
            ObjectName name = PackNames.of(folder, pack);
            if (objects.store().lockPeriod().isEmpty()
                    || objects.store().size(name).isPresent()) {
                there.put(name, pack);
            }
        }
        Map<ObjectId, LockedObjectException> locked = new LinkedHashMap<>();
        objects.store().deleteAll(there.keySet()).forEach((name, why) -> locked.put(there.get(name), why));
        Set<ObjectId> deleted = new HashSet<>(there.values());
        deleted.removeAll(locked.keySet());
        return new Deletion(deleted, locked);
    }
}

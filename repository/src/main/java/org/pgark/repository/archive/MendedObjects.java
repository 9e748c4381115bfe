package org.pgark.repository.archive;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/** Objects that stand in for others of the same content that are damaged and cannot be removed, because they are locked. */
final class MendedObjects {
    private final FramedObjects objects;
    private final ArchiveNames names;

    MendedObjects(FramedObjects objects, ArchiveNames names) {
        this.objects = objects;
        this.names = names;
    }

    /** Those of certain files. */
    List<ObjectName> of(Predicate<WalFileName> files) throws IOException {
        return all().stream()
                .filter(object -> ArchiveNames.parseMended(object).filter(files).isPresent())
                .toList();
    }

    private List<ObjectName> all() throws IOException {
        return objects.store().list(names.mended()).stream()
                .map(StoredObject::name)
                .toList();
    }

    /** One that stands in for an object and was read whole without a fault just now; empty if there is none. */
    Optional<ArchivedObject> sound(ObjectName damaged, WalBuffers buffers) throws IOException {
        List<ObjectName> candidates = all().stream()
                .filter(name -> ArchiveNames.mendedNumber(name, damaged).isPresent())
                .sorted(Comparator.comparingInt(
                        name -> ArchiveNames.mendedNumber(name, damaged).orElseThrow()))
                .toList();
        for (ObjectName candidate : candidates) {
            try {
                ArchivedObject object = new ArchivedObject(objects, candidate, buffers);
                object.check();
                return Optional.of(object);
            } catch (DamagedObjectException | NoSuchObjectException e) {
                System.getLogger(MendedObjects.class.getName())
                        .log(System.Logger.Level.DEBUG, "\"" + candidate + "\" cannot stand in", e);
            }
        }
        return Optional.empty();
    }
}

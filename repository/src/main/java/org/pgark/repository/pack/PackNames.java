package org.pgark.repository.pack;

import java.util.Optional;
import org.pgark.repository.frame.ObjectId;
import org.pgark.storage.ObjectName;

/** Where packs are kept: {@code <folder>/<first two digits>/<all digits>}. */
public final class PackNames {
    private PackNames() {}

    /** The name of a pack. */
    public static ObjectName of(ObjectName folder, ObjectId id) {
        String digits = id.toString();
        return folder.child(digits.substring(0, 2)).child(digits);
    }

    /** The pack of a name; empty if it is not that of a pack. */
    public static Optional<ObjectId> idOf(ObjectName name) {
        try {
            return Optional.of(ObjectId.parse(name.lastPart()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

package org.pgark.repository.frame;

import java.util.Arrays;
import java.util.Optional;
import org.pgark.repository.seal.Sealing;

/**
 * What the header of a framed object says.
 *
 * @param kind what the object is
 * @param id its id
 * @param salt of which its key is derived; empty if it is not sealed
 */
record ObjectHeader(ObjectKind kind, ObjectId id, Optional<Sealing.Salt> salt) {
    /** Whether another header says the same. */
    boolean agrees(ObjectHeader other) {
        return kind == other.kind
                && id.equals(other.id)
                && salt.isPresent() == other.salt.isPresent()
                && (salt.isEmpty()
                        || (salt.get().keyNumber() == other.salt.get().keyNumber()
                                && Arrays.equals(
                                        salt.get().salt(), other.salt.get().salt())));
    }
}

package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A place that keeps write-once objects under names.
 *
 * <p>Atomic: no reader ever sees a part of an object, by name or by listing. Durable: when {@link ObjectWriter#commit()}
 * or {@link #delete} returns, the change survives a loss of power, as far as the place promises it. Conditional: of
 * several writers of one name exactly one commits. All methods may be called from several threads at once.
 *
 * <p>Failures are {@link java.io.IOException}s whose message names the object; {@link NoSuchObjectException} and
 * {@link ObjectExistsException} are told apart, because callers decide by them.
 */
public interface ObjectStore extends AutoCloseable {
    /** What this place can do. */
    Set<StoreFeature> features();

    /** The place in words for messages, for example {@code file:/var/lib/pgark/repository}. */
    String description();

    /** The local directory that holds the objects; empty if they are elsewhere. */
    default Optional<Path> directory() {
        return Optional.empty();
    }

    /** Whether each request has to go to a service and back, so that it pays to make several at the same time. */
    default boolean isDistant() {
        return false;
    }

    /**
     * Begins an object. Nothing is visible under its name until {@link ObjectWriter#commit()}.
     *
     * <p>If the process dies before that, something may be left behind that no listing shows; {@link
     * #removeLeftovers} clears it away.
     */
    ObjectWriter create(ObjectName name) throws IOException;

    /**
     * The same place, whose {@link #create} does not ask it to refuse a name that is taken. For a place that cannot, and may
     * turn down a request that asks for it; whoever writes by this sees to it himself that no object is replaced. Closing
     * one of the two closes both.
     */
    default ObjectStore unconditional() {
        return this;
    }

    /**
     * The object's size in bytes, or empty if there is no such object. Absence is proven: a fault is an exception.
     */
    OptionalLong size(ObjectName name) throws IOException;

    /**
     * Reads {@code target.remaining()} bytes of an object from {@code offset} on.
     *
     * @throws NoSuchObjectException if there is no such object
     * @throws java.io.EOFException if the object ends before the target is full
     */
    void read(ObjectName name, long offset, ByteBuffer target) throws IOException;

    /**
     * All bytes of an object that is small, in one request where the place can do that; empty if there is no such object.
     * Absence is proven: a fault is an exception.
     *
     * @param most how many bytes it may have
     * @throws OversizedObjectException if it has more
     */
    default Optional<byte[]> readWhole(ObjectName name, int most) throws IOException {
        OptionalLong size = size(name);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        if (size.getAsLong() > most) {
            throw new OversizedObjectException(name, size.getAsLong());
        }
        byte[] bytes = new byte[(int) size.getAsLong()];
        read(name, 0, ByteBuffer.wrap(bytes));
        return Optional.of(bytes);
    }

    /**
     * The names and sizes of the objects whose name begins with {@code folder} and a slash, at any depth, in ascending
     * order of names. An object that is created or deleted meanwhile may or may not be among them.
     */
    List<StoredObject> list(ObjectName folder) throws IOException;

    /**
     * The names, each without a slash, that follow {@code folder} and a slash in names of objects that go on with a
     * further slash: its subfolders, in ascending order.
     */
    List<String> folders(ObjectName folder) throws IOException;

    /**
     * Makes sure that an object that is visible is durable too: another process may have died between the two.
     *
     * @throws NoSuchObjectException if there is no such object
     */
    void settle(ObjectName name) throws IOException;

    /**
     * Deletes an object; does nothing if there is no such object.
     *
     * @throws LockedObjectException if it is locked, and stays
     */
    void delete(ObjectName name) throws IOException;

    /**
     * Deletes objects as {@link #delete} does each of them, in as few requests as the place takes, in any order. What is locked
     * hinders no other.
     *
     * @return those that are locked, and stay
     * @throws IOException if one could not be deleted for another reason, which names it; of the others some may be there still
     */
    default Map<ObjectName, LockedObjectException> deleteAll(Collection<ObjectName> names) throws IOException {
        Map<ObjectName, LockedObjectException> locked = new LinkedHashMap<>();
        for (ObjectName name : names) {
            try {
                delete(name);
            } catch (LockedObjectException e) {
                locked.put(name, e);
            }
        }
        return locked;
    }

    /**
     * Deletes an object that does no harm where it stays because it is locked.
     *
     * @return whether it is gone
     */
    default boolean deleteUnlessLocked(ObjectName name) throws IOException {
        try {
            delete(name);
            return true;
        } catch (LockedObjectException e) {
            return false;
        }
    }

    /**
     * Sees to it that an object is locked at least until an instant, which is no later than {@link #lockPeriod()} from now;
     * does nothing where the place locks none, or this one is locked for long enough.
     *
     * @return whether its lock was renewed
     * @throws NoSuchObjectException if there is no such object
     */
    default boolean retain(ObjectName name, Instant atLeast) throws IOException {
        return false;
    }

    /** How long an object that is created now is locked at least; empty where the place locks none. */
    default Optional<Duration> lockPeriod() {
        return Optional.empty();
    }

    /**
     * From now on small objects may take room that was kept aside for the time when the place is full. To be called by whoever is
     * about to make it smaller; does nothing where no place can be full.
     */
    default void openReserve() {
        // Nothing is kept aside here.
    }

    /** Keeps room aside for the time when the place is full, as far as there is much of it now. */
    default void keepReserve() {
        // Nothing is kept aside here.
    }

    /** Clears away what writers that died more than {@code olderThan} ago left behind. */
    void removeLeftovers(Duration olderThan) throws IOException;

    @Override
    void close() throws IOException;
}

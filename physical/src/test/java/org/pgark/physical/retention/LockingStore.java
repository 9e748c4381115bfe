package org.pgark.physical.retention;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.PassingStore;
import org.pgark.storage.StoredObject;

/** A store that locks what another one has: as services do, whole objects for a time that can only become longer. */
final class LockingStore extends PassingStore {
    private final ObjectLock lock;
    private final Map<ObjectName, Instant> locks = new ConcurrentHashMap<>();
    private final Set<ObjectName> refused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();

    LockingStore(ObjectStore store, Duration period) {
        super(store);
        this.lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, period);
    }

    Optional<Instant> lockedUntil(ObjectName name) {
        return Optional.ofNullable(locks.get(name));
    }

    /** Locks all that is there until an instant. */
    void lockEverything(Instant until) throws IOException {
        for (String folder : List.of("clusters", "log", "keys")) {
            for (StoredObject object : store().list(new ObjectName(folder))) {
                locks.put(object.name(), until);
            }
        }
    }

    /** What was to be deleted and was not. */
    Set<ObjectName> refused() {
        return Set.copyOf(refused);
    }

    /** All locks. */
    Map<ObjectName, Instant> locks() {
        return Map.copyOf(locks);
    }

    void endLocks() {
        locks.clear();
    }

    /** How often it was asked to renew a lock since this was asked last. */
    int asked() {
        return asked.getAndSet(0);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        Optional<Instant> until = lockedUntil(name).filter(end -> end.isAfter(Instant.now()));
        if (until.isPresent()) {
            refused.add(name);
            throw new LockedObjectException(name, description(), until);
        }
        store().delete(name);
    }

    @Override
    public boolean retain(ObjectName name, Instant atLeast) throws IOException {
        asked.incrementAndGet();
        if (store().size(name).isEmpty()) {
            throw new NoSuchObjectException(name, description());
        }
        if (lockedUntil(name).filter(end -> !end.isBefore(atLeast)).isPresent()) {
            return false;
        }
        locks.put(name, lock.until(Instant.now()));
        return true;
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return Optional.of(lock.period());
    }
}

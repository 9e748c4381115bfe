package org.pgark.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.PassingStore;
import org.pgark.storage.StoredObject;

/** A store as one actor of a model sees it: each operation is a step, listings may be behind, and it may die. */
final class ModelStore extends PassingStore {
    private final ModelSchedule.Actor actor;
    private final Random random;
    private final int dieAt;
    private final double lostFromListings;
    private final AfterDelete afterDelete;
    private boolean dead;

    /** The actor's process died. */
    static final class Died extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Looks what a deletion did. */
    interface AfterDelete {
        void deleted(ObjectName name) throws IOException;
    }

    ModelStore(
            ObjectStore store,
            ModelSchedule.Actor actor,
            Random random,
            int dieAt,
            double lostFromListings,
            AfterDelete afterDelete) {
        super(store);
        this.actor = actor;
        this.random = random;
        this.dieAt = dieAt;
        this.lostFromListings = lostFromListings;
        this.afterDelete = afterDelete;
    }

    /** Whether the actor died. */
    boolean isDead() {
        return dead;
    }

    private void step() throws Died {
        if (!dead) {
            actor.step();
            dead = actor.steps == dieAt;
        }
        if (dead) {
            throw new Died();
        }
    }

    @Override
    public ObjectWriter create(ObjectName name) throws IOException {
        // What is written is seen by nobody before it is committed.
        ObjectWriter writer = super.create(name);
        return new ObjectWriter() {
            @Override
            public void write(ByteBuffer source) throws IOException {
                writer.write(source);
            }

            @Override
            public void commit() throws IOException {
                step();
                writer.commit();
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    @Override
    public OptionalLong size(ObjectName name) throws IOException {
        step();
        return super.size(name);
    }

    @Override
    public void read(ObjectName name, long offset, ByteBuffer target) throws IOException {
        step();
        super.read(name, offset, target);
    }

    @Override
    public List<StoredObject> list(ObjectName folder) throws IOException {
        step();
        return super.list(folder).stream()
                .filter(_ -> random.nextDouble() >= lostFromListings)
                .toList();
    }

    @Override
    public List<String> folders(ObjectName folder) throws IOException {
        step();
        return super.folders(folder);
    }

    @Override
    public void settle(ObjectName name) throws IOException {
        step();
        super.settle(name);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
        step();
        super.delete(name);
        afterDelete.deleted(name);
    }

    @Override
    public void removeLeftovers(Duration olderThan) {}

    @Override
    public void close() {}
}

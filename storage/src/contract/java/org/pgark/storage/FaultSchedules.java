package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a store promises while its service fails now and then: an operation does what it says or throws; no object is ever
 * there in part, lost, or another's.
 */
public abstract class FaultSchedules {
    private static final int OPERATIONS = 14;
    private static final int SMALL = 40_000;

    /** Opens an empty store whose requests are struck by the schedule of a seed until {@link #calm}. */
    protected abstract ObjectStore openUnderFaults(long seed) throws IOException;

    /** From now on nothing is struck. */
    protected abstract void calm();

    /** Bytes of an object that is sent in more than one part. */
    protected abstract int large();

    @Test
    void someSchedules() throws IOException {
        for (int seed = 1; seed <= 7; seed++) {
            run(seed);
        }
    }

    @Test
    @Tag("slow")
    void hundredsOfSchedules() throws IOException {
        for (int seed = 1000; seed < 1170; seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws IOException {
        try (ObjectStore store = openUnderFaults(seed)) {
            Model model = new Model(store, new Random(seed));
            for (int number = 0; number < OPERATIONS; number++) {
                model.step();
            }
            calm();
            model.check();
        } catch (AssertionError e) {
            throw new AssertionError("schedule " + seed + ": " + e.getMessage(), e);
        }
    }

    /** What must be in the store, and what may be. */
    private final class Model {
        private final ObjectStore store;
        private final Random random;
        private final Map<ObjectName, byte[]> there = new HashMap<>();
        private final Map<ObjectName, List<byte[]>> perhaps = new HashMap<>();
        private final Set<ObjectName> perhapsDeleted = new HashSet<>();

        Model(ObjectStore store, Random random) {
            this.store = store;
            this.random = random;
        }

        private ObjectName name() {
            return new ObjectName("folder/object-" + random.nextInt(5));
        }

        void step() throws IOException {
            int kind = random.nextInt(10);
            if (kind < 5) {
                write(name(), bytes(random.nextInt(8) == 0 ? large() : 1 + random.nextInt(SMALL)));
            } else if (kind < 8) {
                read(name());
            } else if (kind < 9) {
                list();
            } else {
                delete(name());
            }
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        private void write(ObjectName name, byte[] content) {
            boolean maybeTaken = there.containsKey(name) || perhaps.containsKey(name);
            boolean surelyTaken = there.containsKey(name) && !perhapsDeleted.contains(name);
            try (ObjectWriter writer = store.create(name)) {
                writer.write(ByteBuffer.wrap(content));
                writer.commit();
                assertThat(surelyTaken).as("took the place of " + name).isFalse();
                there.put(name, content);
                perhaps.remove(name);
                perhapsDeleted.remove(name);
            } catch (ObjectExistsException e) {
                assertThat(maybeTaken).as("says that " + name + " is taken").isTrue();
            } catch (IOException e) {
                if (!surelyTaken) {
                    perhaps.computeIfAbsent(name, _ -> new ArrayList<>()).add(content);
                }
            }
        }

        private void read(ObjectName name) {
            try {
                Optional<byte[]> content = content(name);
                assertThat(isAllowed(name, content))
                        .as("what is read of " + name)
                        .isTrue();
            } catch (IOException e) {
                assertThat(e).as("a fault").isNotInstanceOf(ObjectExistsException.class);
            }
        }

        private Optional<byte[]> content(ObjectName name) throws IOException {
            long size = store.size(name).orElse(-1);
            if (size < 0) {
                return Optional.empty();
            }
            byte[] content = new byte[(int) size];
            store.read(name, 0, ByteBuffer.wrap(content));
            return Optional.of(content);
        }

        private boolean isAllowed(ObjectName name, Optional<byte[]> content) {
            if (content.isEmpty()) {
                return !there.containsKey(name) || perhapsDeleted.contains(name);
            }
            byte[] committed = there.get(name);
            return (committed != null && java.util.Arrays.equals(committed, content.get()))
                    || perhaps.getOrDefault(name, List.of()).stream()
                            .anyMatch(tried -> java.util.Arrays.equals(tried, content.get()));
        }

        private void list() {
            try {
                List<StoredObject> listed = store.list(new ObjectName("folder"));
                there.forEach((name, content) -> {
                    if (!perhapsDeleted.contains(name)) {
                        assertThat(listed).contains(new StoredObject(name, content.length));
                    }
                });
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("cannot list object \"folder\"");
            }
        }

        private void delete(ObjectName name) {
            try {
                store.delete(name);
                there.remove(name);
                perhaps.remove(name);
                perhapsDeleted.remove(name);
            } catch (IOException e) {
                perhapsDeleted.add(name);
            }
        }

        void check() throws IOException {
            for (int number = 0; number < 5; number++) {
                ObjectName name = new ObjectName("folder/object-" + number);
                assertThat(isAllowed(name, content(name)))
                        .as("what is left of " + name)
                        .isTrue();
                store.delete(name);
            }
        }
    }
}

package org.pgark.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pgark.repository.StoreContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoreFaults;

class PackWriterTest {
    private static final ObjectName PACKS = new ObjectName("packs");

    private final ObjectStore store = new MemoryStore();
    private final List<PackSummary> durable = new ArrayList<>();

    private PackWriter writer(ObjectStore store, long full) {
        return new PackWriter(
                FramedObjects.unsealed(store), PACKS, Compression.NONE, new Random(1), durable::add, full);
    }

    private static ByteBuffer bytes(int number) {
        return ByteBuffer.allocate(1000).putInt(0, number);
    }

    @Test
    void beginsANewPackWhenOneIsFull() throws IOException {
        List<FrameAddress> frames = new ArrayList<>();
        List<PackSummary> packs;
        try (PackWriter writer = writer(store, 5000)) {
            for (int i = 0; i < 50; i++) {
                frames.add(writer.append(bytes(i)));
            }
            writer.commit();
            packs = writer.packs();
        }
        Set<ObjectId> used = new HashSet<>();
        frames.forEach(frame -> used.add(frame.pack()));
        assertThat(durable).isEqualTo(packs);
        assertThat(packs).hasSize(10).extracting(PackSummary::id).containsExactlyInAnyOrderElementsOf(used);
        byte[] target = new byte[1000];
        try (FrameReader reader = new FrameReader(FramedObjects.unsealed(store), PACKS);
                PackCheck check = new PackCheck(FramedObjects.unsealed(store), PACKS)) {
            for (int i = 49; i >= 0; i--) {
                reader.read(frames.get(i), target);
                assertThat(ByteBuffer.wrap(target)).isEqualTo(bytes(i));
            }
            for (PackSummary pack : packs) {
                check.check(pack);
            }
        }
    }

    @Test
    void namesPacksByTheirIds() throws IOException {
        try (PackWriter writer = writer(store, PackWriter.FULL)) {
            ObjectId id = writer.append(bytes(1)).pack();
            writer.commit();
            assertThat(store.list(PACKS))
                    .singleElement()
                    .satisfies(object -> assertThat(object.name())
                            .hasToString("packs/" + id.toString().substring(0, 2) + "/" + id));
        }
    }

    @Test
    void writesNoPackWithoutFrames() throws IOException {
        try (PackWriter writer = writer(store, PackWriter.FULL)) {
            writer.commit();
            assertThat(writer.packs()).isEmpty();
        }
        assertThat(store.list(PACKS)).isEmpty();
    }

    @Test
    void takesNothingAfterItsCommit() throws IOException {
        try (PackWriter writer = writer(store, PackWriter.FULL)) {
            writer.commit();
            assertThatThrownBy(() -> writer.append(bytes(1))).hasMessage("the packs are committed already");
        }
    }

    @Test
    void leavesNoPackWhenItIsGivenUp() throws IOException {
        try (PackWriter writer = writer(store, PackWriter.FULL)) {
            writer.append(bytes(1));
        }
        assertThat(store.list(PACKS)).isEmpty();
    }

    @Test
    void tellsOfAPackThatCouldNotBeCommitted() throws IOException {
        ObjectStore faulty = new FaultyObjectStore(store, (step, name, bytes) -> {
            if (step == org.pgark.storage.StoreStep.COMMIT) {
                throw new IOException("cannot write object: No space left on device");
            }
        });
        try (PackWriter writer = writer(faulty, 2000)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10; i++) {
                            writer.append(bytes(i));
                        }
                    })
                    .hasMessage("cannot write object: No space left on device");
        }
        try (PackWriter writer = writer(faulty, 2000)) {
            writer.append(bytes(1));
            assertThatThrownBy(writer::commit).hasMessage("cannot write object: No space left on device");
        }
        assertThat(store.list(PACKS)).isEmpty();
    }

    @Test
    void showsNothingOfAPackThatDidNotFit() {
        ObjectStore full = new FaultyObjectStore(store, StoreFaults.fullAfter(3000));
        assertThatThrownBy(() -> {
                    try (PackWriter writer = writer(full, PackWriter.FULL)) {
                        for (int i = 0; i < 10; i++) {
                            writer.append(bytes(i));
                        }
                    }
                })
                .hasMessageEndingWith("No space left on device");
        assertThat(((MemoryStore) store).list(PACKS)).isEmpty();
    }

    @Test
    void namesThePackThatWasExchangedOrIsMissing() throws IOException {
        FrameAddress first;
        FrameAddress second;
        try (PackWriter writer = writer(store, 500)) {
            first = writer.append(bytes(1));
            second = writer.append(bytes(1));
            writer.commit();
        }
        ObjectName firstName = PackNames.of(PACKS, first.pack());
        StoreContents.replace(store, firstName, StoreContents.bytes(store, PackNames.of(PACKS, second.pack())));
        try (FrameReader reader = new FrameReader(FramedObjects.unsealed(store), PACKS)) {
            assertThatThrownBy(() -> reader.read(first, new byte[1000]))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessage("object \"" + firstName + "\" is damaged: frame 0 does not match its tag");
            reader.read(second, new byte[1000]);
            store.delete(firstName);
            assertThatThrownBy(() -> reader.read(first, new byte[1000]))
                    .isInstanceOf(NoSuchObjectException.class)
                    .hasMessage("object \"" + firstName + "\" does not exist in memory:");
        }
    }

    @Test
    void allocatesNextToNothingForAFrame() throws IOException {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        ObjectStore nowhere = new FaultyObjectStore(new SinkStore(), StoreFaults.none());
        ByteBuffer raw = ByteBuffer.allocateDirect(256 << 10);
        try (PackWriter writer =
                new PackWriter(FramedObjects.unsealed(nowhere), PACKS, Compression.DEFAULT, new Random(1))) {
            for (int i = 0; i < 1000; i++) {
                writer.append(raw.clear());
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                writer.append(raw.clear());
            }
            assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 1000)
                    .isLessThan(1000);
        }
    }
}

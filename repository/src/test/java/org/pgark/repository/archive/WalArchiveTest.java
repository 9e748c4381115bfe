package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.StoreContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoreStep;
import org.pgark.storage.StoredObject;

class WalArchiveTest {
    private static final WalFileName SEGMENT = WalFileName.parse("0000000100000002000000FF");
    private static final WalFileName PARTIAL = WalFileName.parse("0000000100000003000000FF.partial");

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-22T10:42:00Z");
    private final MemoryStore store = new MemoryStore();
    private final WalArchive archive = archive(store);

    private WalArchive archive(ObjectStore place) {
        return new WalArchive(
                FramedObjects.unsealed(place),
                new ObjectName("wal"),
                Compression.DEFAULT,
                () -> now,
                new Random(1),
                () -> {});
    }

    private static byte[] content(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        Arrays.fill(content, 0, length / 2, (byte) 0);
        return content;
    }

    /** A source that counts how often it was opened. */
    private static final class Source implements WalSource {
        private final byte[] content;
        private final byte[] facts;
        int opened;
        int asked;

        Source(byte[] content, String facts) {
            this.content = content;
            this.facts = facts.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public ReadableByteChannel open() {
            opened++;
            return Channels.newChannel(new ByteArrayInputStream(content));
        }

        @Override
        public byte[] facts() throws IOException {
            asked++;
            if (facts.length == 0) {
                throw new IOException("segment refused");
            }
            return facts;
        }

        @Override
        public Optional<byte[]> changes() {
            return Optional.of(new byte[] {1, 2, 3, (byte) facts.length});
        }
    }

    private byte[] get(WalFileName name) throws IOException {
        Path target = folder.resolve("target");
        long size = archive.get(name, target);
        assertThat(Files.size(target)).isEqualTo(size);
        return Files.readAllBytes(target);
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        for (String name : List.of(
                "0000000100000002000000FF",
                "0000000100000003000000FF.partial",
                "0000000100000003000000FF.00000028.backup",
                "00000002.history")) {
            for (int length : new int[] {0, 1, 1 << 20, (2 << 20) + 17}) {
                WalFileName file = WalFileName.parse(name);
                store.list(new ObjectName("wal")).forEach(object -> store.delete(object.name()));
                Source source = new Source(content(length, length), "facts of " + name);
                assertThat(archive.put(file, source)).isEqualTo(PutResult.STORED);
                assertThat(get(file)).isEqualTo(source.content);
                assertThat(archive.facts(file).orElseThrow()).isEqualTo(source.facts);
                ArchivedNotes notes = archive.notes(file).orElseThrow();
                assertThat(notes.facts()).isEqualTo(source.facts);
                assertThat(notes.changes()).hasValue(source.changes().orElseThrow());
                assertThat(archive.contains(file)).isTrue();
                assertThat(archive.content(file).orElseThrow().size()).isEqualTo(length);
                archive.verify(file);
                assertThat(source.asked).isEqualTo(1);
                assertThat(source.opened).isEqualTo(file instanceof WalFileName.Partial ? 2 : 1);
            }
        }
    }

    @Test
    void tellsWhatStandsBesideFilesInTheirOrder() throws Exception {
        List<WalFileName> files = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            WalFileName file = WalFileName.parse(String.format("0000000100000002000000%02X", number));
            files.add(file);
            if (number != 7) {
                archive.put(file, new Source(content(number, 1000), "facts " + number));
            }
        }

        List<Optional<ArchivedNotes>> notes = archive.notes(files);

        assertThat(notes).hasSize(20);
        assertThat(notes.get(6)).isEmpty();
        assertThat(new String(notes.get(19).orElseThrow().facts(), StandardCharsets.UTF_8))
                .isEqualTo("facts 20");
    }

    @Test
    void overwritesTheTarget() throws IOException {
        archive.put(SEGMENT, new Source(content(1, 1000), "f"));
        Files.write(folder.resolve("target"), new byte[5000]);
        assertThat(get(SEGMENT)).hasSize(1000);
    }

    @Test
    void takesTheSameContentAgain() throws IOException {
        archive.put(SEGMENT, new Source(content(1, 1000), "f"));
        Source again = new Source(content(1, 1000), "g");
        List<StoreStep> steps = new ArrayList<>();
        WalArchive watched = archive(new FaultyObjectStore(store, (step, _, _) -> steps.add(step)));
        assertThat(watched.put(SEGMENT, again)).isEqualTo(PutResult.SAME_ALREADY_THERE);
        assertThat(again.asked).isZero();
        assertThat(steps).contains(StoreStep.SETTLE).doesNotContain(StoreStep.CREATE);
    }

    @Test
    void aDamagedFileIsReplacedByTheSameContentWhereverTheDamageIs() throws IOException {
        for (WalFileName name : List.of(SEGMENT, PARTIAL, WalFileName.parse("00000002.history"))) {
            byte[] content = content(7, (2 << 20) + 17);
            archive.put(name, new Source(content, "f"));
            ObjectName object = objectOf(name);
            int size = (int) store.size(object).orElseThrow();
            for (int at : new int[] {3, 70, size / 2, size - 120, size - 3}) {
                damage(object, at);
                assertThat(archive.put(name, new Source(content, "g")))
                        .as("%s at %d", name, at)
                        .isEqualTo(PutResult.MENDED);
                archive.verify(name);
                assertThat(get(name)).isEqualTo(content);
                assertThat(store.list(new ObjectName("wal"))).hasSize(1);
            }
            store.delete(object);
        }
    }

    /** Objects of the archive cannot be deleted, pieces of segments can. */
    private WalArchive locked() {
        return archive(new FaultyObjectStore(store, (step, object, _) -> {
            if (step == StoreStep.DELETE && !object.lastPart().endsWith(".piece")) {
                throw new LockedObjectException(object, "memory", Optional.empty());
            }
        }));
    }

    @Test
    void theSameContentStandsInForADamagedFileThatIsLocked() throws IOException {
        for (WalFileName name : List.of(SEGMENT, PARTIAL, WalFileName.parse("00000002.history"))) {
            byte[] content = content(7, (2 << 20) + 17);
            for (int part = 1; part <= 5; part++) {
                archive.put(name, new Source(content, "f"));
                ObjectName object = objectOf(name);
                int size = (int) store.size(object).orElseThrow();
                damage(object, new int[] {3, 70, size / 2, size - 120, size - 3}[part - 1]);
                assertThatThrownBy(() -> archive.verify(name)).isInstanceOf(DamagedObjectException.class);
                assertThat(locked().put(name, new Source(content, "f"))).isEqualTo(PutResult.MENDED);
                archive.verify(name);
                assertThat(get(name)).isEqualTo(content);
                assertThat(archive.content(name).orElseThrow().size()).isEqualTo(content.length);
                try (InputStream stream = archive.open(name)) {
                    assertThat(stream.readAllBytes()).isEqualTo(content);
                }
                assertThat(locked().put(name, new Source(content, "f"))).isEqualTo(PutResult.SAME_ALREADY_THERE);
                if (!name.equals(PARTIAL)) {
                    assertThatThrownBy(() -> locked().put(name, new Source(content(8, 100), "f")))
                            .isInstanceOf(DifferentContentException.class);
                }
                assertThat(archive.list(new Timeline(1)).size()
                                + archive.list(new Timeline(2)).size())
                        .isEqualTo(1);
                assertThat(store.list(new ObjectName("wal")))
                        .as("the damaged one and what stands in for it")
                        .hasSize(2);
                archive.deleteMended(name::equals);
                store.list(new ObjectName("wal")).forEach(each -> store.delete(each.name()));
            }
        }
    }

    @Test
    void whatStandsInMayBeDamagedToo() throws IOException {
        byte[] content = content(7, (2 << 20) + 17);
        archive.put(SEGMENT, new Source(content, "f"));
        damage(objectOf(SEGMENT), 5000);
        for (int round = 1; round <= 3; round++) {
            assertThat(locked().put(SEGMENT, new Source(content, "f"))).isEqualTo(PutResult.MENDED);
            assertThat(get(SEGMENT)).isEqualTo(content);
            List<ObjectName> mended = archive.mended(SEGMENT::equals);
            assertThat(mended).hasSize(round);
            damage(mended.getLast(), 5000);
            assertThatThrownBy(() -> get(SEGMENT)).isInstanceOf(DamagedObjectException.class);
        }
    }

    private ObjectName objectOf(WalFileName name) {
        return store.list(new ObjectName("wal")).stream()
                .map(StoredObject::name)
                .filter(object -> object.lastPart().startsWith(name.toString()))
                .findFirst()
                .orElseThrow();
    }

    private void damage(ObjectName object, int at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) store.size(object).orElseThrow());
        store.read(object, 0, bytes);
        bytes.put(at, (byte) (bytes.get(at) ^ 1)).flip();
        store.delete(object);
        try (ObjectWriter writer = store.create(object)) {
            writer.write(bytes);
            writer.commit();
        }
    }

    @Test
    void aSegmentThatIsReplacedIsThereAllTheTime() throws IOException {
        byte[] content = content(7, 16 << 20);
        archive.put(SEGMENT, new Source(content, "f"));
        ObjectName object = objectOf(SEGMENT);
        damage(object, 500);
        WalSegmentName segment = WalSegmentName.parse(SEGMENT.toString());
        List<Boolean> there = new ArrayList<>();
        WalArchive watched = archive(new FaultyObjectStore(store, (step, _, _) -> {
            if (step == StoreStep.CREATE || step == StoreStep.COMMIT) {
                there.add(store.size(object).isPresent()
                        || Arrays.equals(content, archive.running().content(segment)));
            }
        }));
        assertThat(watched.put(SEGMENT, new Source(content, "f"))).isEqualTo(PutResult.MENDED);
        assertThat(there).hasSizeGreaterThan(3).doesNotContain(false);
    }

    @Test
    void ofADamagedFileOtherContentOrOneThatIsRefusedTouchesNothing() throws IOException {
        byte[] content = content(7, 5000);
        archive.put(SEGMENT, new Source(content, "f"));
        ObjectName object = objectOf(SEGMENT);
        damage(object, 70);
        assertThatThrownBy(() -> archive.put(SEGMENT, new Source(content(8, 5000), "f")))
                .isInstanceOf(DifferentContentException.class);
        assertThatThrownBy(() -> archive.put(SEGMENT, new Source(content, "")))
                .isInstanceOf(IOException.class)
                .hasMessage("segment refused");
        assertThat(store.list(new ObjectName("wal"))).hasSize(1);
        assertThat(archive.put(SEGMENT, new Source(content, "f"))).isEqualTo(PutResult.MENDED);
    }

    @Test
    void refusesOtherContentAndNamesBoth() throws IOException {
        archive.put(SEGMENT, new Source("old".getBytes(StandardCharsets.UTF_8), "f"));
        assertThatThrownBy(() -> archive.put(SEGMENT, new Source("newer".getBytes(StandardCharsets.UTF_8), "f")))
                .isInstanceOf(DifferentContentException.class)
                .hasMessage("WAL file \"0000000100000002000000FF\" is archived already with other content: there 3"
                        + " bytes with SHA-256"
                        + " cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4, archived at"
                        + " 2026-11-22T10:42:00Z; new 5 bytes with SHA-256"
                        + " 804f51f71254c4081e37e7c887073560f4a6fa6cdad202e9ac67e032c43ed1e1");
    }

    @Test
    void storesNothingThatItsSourceRefuses() {
        assertThatThrownBy(() -> archive.put(SEGMENT, new Source(content(1, 1000), "")))
                .hasMessage("segment refused");
        assertThat(store.list(new ObjectName("wal"))).isEmpty();
    }

    @Test
    void keepsSeveralPartialFilesOfOneName() throws IOException {
        assertThat(archive.put(PARTIAL, new Source(content(1, 1000), "f"))).isEqualTo(PutResult.STORED);
        now = now.plusSeconds(60);
        assertThat(archive.put(PARTIAL, new Source(content(2, 1000), "f"))).isEqualTo(PutResult.STORED);
        assertThat(archive.put(PARTIAL, new Source(content(1, 1000), "f"))).isEqualTo(PutResult.SAME_ALREADY_THERE);
        assertThat(get(PARTIAL)).isEqualTo(content(2, 1000));
        assertThat(archive.list(new Timeline(1))).hasSize(2);
        archive.verify(PARTIAL);
    }

    @Test
    void exactlyOneOfManyArchiversStores() throws Exception {
        for (int round = 0; round < 10; round++) {
            WalFileName name = WalFileName.parse(String.format("0000000100000002000000%02X", round));
            List<Callable<PutResult>> archivers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                archivers.add(() -> archive.put(name, new Source(content(1, 100_000), "f")));
            }
            List<PutResult> results = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (Future<PutResult> archiver : threads.invokeAll(archivers)) {
                    results.add(archiver.get());
                }
            }
            assertThat(results)
                    .containsOnlyOnce(PutResult.STORED)
                    .contains(PutResult.SAME_ALREADY_THERE)
                    .hasSize(4);
        }
    }

    @Test
    void readsAsAStreamWithoutAFile() throws IOException {
        byte[] content = content(7, (2 << 20) + 77);
        archive.put(SEGMENT, new Source(content, "f"));
        try (InputStream whole = archive.open(SEGMENT);
                InputStream part = archive.open(SEGMENT)) {
            assertThat(part.read()).isEqualTo(Byte.toUnsignedInt(content[0]));
            assertThat(part.readNBytes(4000)).isEqualTo(Arrays.copyOfRange(content, 1, 4001));
            assertThat(whole.readAllBytes()).isEqualTo(content);
            assertThat(whole.read()).isEqualTo(-1);
            assertThat(whole.read(new byte[1], 0, 1)).isEqualTo(-1);
        }
        assertThatThrownBy(() -> archive.open(PARTIAL)).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void aStreamNamesDamageWhereItIsRead() throws IOException {
        archive.put(SEGMENT, new Source(content(7, 3 << 20), "f"));
        ObjectName object = new ObjectName("wal/00000001/00000002/0000000100000002000000FF");
        byte[] bytes = StoreContents.bytes(store, object);
        bytes[bytes.length / 2] ^= 1;
        StoreContents.replace(store, object, bytes);
        try (InputStream stream = archive.open(SEGMENT)) {
            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageStartingWith("object \"" + object + "\" is damaged: ");
        }
    }

    @Test
    void tellsAbsenceApart() throws IOException {
        assertThat(archive.contains(SEGMENT)).isFalse();
        assertThat(archive.contains(PARTIAL)).isFalse();
        assertThat(archive.facts(SEGMENT)).isEmpty();
        assertThat(archive.content(PARTIAL)).isEmpty();
        assertThat(archive.history(new Timeline(2))).isEmpty();
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> archive.get(SEGMENT, target))
                .isInstanceOf(NoSuchObjectException.class)
                .hasMessage("object \"wal/00000001/00000002/0000000100000002000000FF\" does not exist in memory:");
        assertThat(target).doesNotExist();
    }

    @Test
    void aFaultIsNoAbsence() {
        WalArchive faulty = archive(new FaultyObjectStore(store, (step, _, _) -> {
            throw new IOException("Input/output error at " + step);
        }));
        assertThatThrownBy(() -> faulty.contains(SEGMENT)).hasMessage("Input/output error at SIZE");
        assertThatThrownBy(() -> faulty.facts(SEGMENT)).hasMessage("Input/output error at SIZE");
    }

    @Test
    void listsTimelinesAndTheirFiles() throws IOException {
        List<String> names = List.of(
                "000000010000000100000001",
                "000000010000000000000002",
                "000000010000000000000001",
                "000000010000000000000001.00000028.backup",
                "000000010000000000000003.partial",
                "00000002.history",
                "0000000A0000000000000001");
        for (String name : names) {
            archive.put(WalFileName.parse(name), new Source(content(1, 100), "f"));
        }
        StoreContents.replace(store, new ObjectName("wal/00000001/00000000/core"), new byte[1]);
        assertThat(archive.timelines()).containsExactly(new Timeline(1), new Timeline(2), new Timeline(10));
        assertThat(archive.list(new Timeline(1)))
                .extracting(file -> file.name().toString())
                .containsExactly(
                        "000000010000000000000001",
                        "000000010000000000000001.00000028.backup",
                        "000000010000000000000002",
                        "000000010000000000000003.partial",
                        "000000010000000100000001");
        assertThat(archive.list(new Timeline(3))).isEmpty();
        assertThat(store.list(new ObjectName("wal/00000002")))
                .extracting(StoredObject::name)
                .containsExactly(new ObjectName("wal/00000002/00000002.history"));
    }

    @Test
    void readsHistories() throws IOException {
        String text = "1\t0/5000000\tno recovery target specified\n";
        archive.put(WalFileName.parse("00000002.history"), new Source(text.getBytes(StandardCharsets.UTF_8), "f"));
        assertThat(archive.history(new Timeline(2))).contains(text);
    }

    @Test
    void namesASegmentThatIsDamagedOrAnother() throws IOException {
        WalFileName next = WalFileName.parse("000000010000000300000000");
        archive.put(SEGMENT, new Source(content(1, 1000), "f"));
        archive.put(next, new Source(content(2, 1000), "f"));
        ObjectName object = new ObjectName("wal/00000001/00000002/0000000100000002000000FF");
        ObjectName other = new ObjectName("wal/00000001/00000003/000000010000000300000000");
        StoreContents.replace(store, object, StoreContents.bytes(store, other));
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> archive.get(SEGMENT, target))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageStartingWith("object \"" + object + "\" is damaged: ");
        assertThat(archive.put(SEGMENT, new Source(content(1, 1000), "f"))).isEqualTo(PutResult.MENDED);
        assertThat(get(SEGMENT)).isEqualTo(content(1, 1000));
    }
}

package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.StoreContents;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoreStep;
import org.pgark.storage.StoredObject;

class WalArchiveTest extends WalArchiveScene {
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

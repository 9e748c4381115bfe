package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoreStep;

/** What becomes of damaged files of an archive when they are put there again. */
class DamagedWalTest extends WalArchiveScene {
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
}

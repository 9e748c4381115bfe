package org.pgark.repository.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoreFaults;
import org.pgark.storage.StoreStep;
import org.pgark.storage.StoredObject;

class RepositoryCopyTest {
    private static final List<String> ORDERED = List.of(
            "clusters/a/log/0000000000000001", "clusters/a/log/0000000000000002", "log/0000000000000001", "repository");
    private static final List<String> CONTENTS =
            List.of("clusters/a/packs/00/00aa", "clusters/a/packs/01/01bb", "clusters/a/wal/00000001/00000000/1");

    private final MemoryStore source = new MemoryStore();

    @BeforeEach
    void fill() throws IOException {
        for (String name : CONTENTS) {
            put(source, name, "content of " + name);
        }
        put(source, "keys/f00/1", "ring");
        for (String name : ORDERED) {
            put(source, name, "text of " + name);
        }
    }

    private static void put(ObjectStore store, String name, String text) throws IOException {
        try (ObjectWriter writer = store.create(new ObjectName(name))) {
            writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    private static boolean has(ObjectStore store, String name) throws IOException {
        return store.size(new ObjectName(name)).isPresent();
    }

    private static CopyOutcome copy(ObjectStore from, ObjectStore to) throws IOException, InterruptedException {
        return new RepositoryCopy(from, to, 1, false, CopyProgress.NONE).run();
    }

    private static List<StoredObject> everything(ObjectStore store) throws IOException {
        return java.util.stream.Stream.of(
                        store.list(new ObjectName("clusters")),
                        store.list(new ObjectName("keys")),
                        store.list(new ObjectName("log")))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void copiesWhatIsMissingAndNothingElse() throws Exception {
        MemoryStore target = new MemoryStore();
        assertThat(copy(source, target))
                .extracting(CopyOutcome::copied, CopyOutcome::there)
                .containsExactly(8L, 0L);
        assertThat(everything(target)).isEqualTo(everything(source));
        assertThat(has(target, "repository")).isTrue();

        put(source, "clusters/a/packs/02/02cc", "new");
        put(source, "clusters/a/log/0000000000000003", "new entry");
        CopyOutcome second = copy(source, target);
        assertThat(second).isEqualTo(new CopyOutcome(2, 12, 8));
        assertThat(everything(target)).isEqualTo(everything(source));
    }

    @Test
    void aCopyKilledAtAnyStepHoldsWhatItsLogSaysAndCanBeBegunAgain() throws Exception {
        int step = 1;
        boolean killed = true;
        while (killed) {
            MemoryStore target = new MemoryStore();
            killed = isKilledAt(step, target);
            for (int entry = 0; entry < ORDERED.size(); entry++) {
                if (has(target, ORDERED.get(entry))) {
                    for (String content : CONTENTS) {
                        assertThat(has(target, content))
                                .as(content + " at step " + step)
                                .isTrue();
                    }
                    if (entry > 0) {
                        assertThat(has(target, ORDERED.get(entry - 1))).isTrue();
                    }
                }
            }
            copy(source, target);
            assertThat(everything(target)).isEqualTo(everything(source));
            assertThat(has(target, "repository")).isTrue();
            step++;
        }
        assertThat(step).isGreaterThan(30);
    }

    private boolean isKilledAt(int step, MemoryStore target) throws InterruptedException {
        try {
            copy(source, new FaultyObjectStore(target, StoreFaults.dyingAt(step)));
            return false;
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("died at ");
            return true;
        }
    }

    @Test
    void beginsAgainWhenSomethingIsCollectedMeanwhile() throws Exception {
        MemoryStore target = new MemoryStore();
        boolean[] collected = {false};
        ObjectStore collecting = new FaultyObjectStore(source, (step, name, _) -> {
            if (step == StoreStep.READ && !collected[0] && name.value().contains("/packs/")) {
                collected[0] = true;
                source.delete(name);
                put(source, "clusters/a/log/0000000000000003", "sweep");
            }
        });
        copy(collecting, target);
        assertThat(everything(target)).isEqualTo(everything(source));
        assertThat(has(target, "clusters/a/log/0000000000000003")).isTrue();
    }

    /** Between the logs and the packs other clusters' WAL is listed, which may take minutes. */
    @Test
    void beginsAgainWhenSomethingWasCollectedBeforeItWasListed() throws Exception {
        MemoryStore target = new MemoryStore();
        boolean[] collected = {false};
        ObjectStore collecting = new FaultyObjectStore(source, (step, name, _) -> {
            if (step == StoreStep.LIST && !collected[0] && name.value().equals("clusters/a")) {
                collected[0] = true;
                put(source, "clusters/a/packs/03/03dd", "what was needed of another pack");
                put(source, "clusters/a/log/0000000000000003", "mark");
                source.delete(new ObjectName(CONTENTS.getFirst()));
                put(source, "clusters/a/log/0000000000000004", "sweep");
            }
        });
        copy(collecting, target);
        assertThat(collected[0]).isTrue();
        assertThat(has(target, "clusters/a/packs/03/03dd")).isTrue();
        // Without the mark nobody would look into the new pack for what the copy does not have.
        assertThat(has(target, "clusters/a/log/0000000000000003")).isTrue();
    }

    @Test
    void refusesAnotherRepository() throws Exception {
        MemoryStore other = new MemoryStore();
        put(other, "repository", "of somebody else");
        assertThatThrownBy(() -> copy(source, other))
                .isInstanceOf(DifferentRepositoryException.class)
                .hasMessage("memory: is another repository than memory:");
        assertThatThrownBy(() -> copy(new MemoryStore(), other)).hasMessage("memory: is no pgark repository");
    }

    @Test
    void refusesACopyThatHasGoneOnByItself() throws Exception {
        MemoryStore target = new MemoryStore();
        copy(source, target);
        put(target, "clusters/a/log/0000000000000003", "its own");
        assertThatThrownBy(() -> copy(source, target))
                .isInstanceOf(DifferentRepositoryException.class)
                .hasMessage("memory: has gone on by itself: its \"clusters/a/log/0000000000000003\" is not that of"
                        + " memory:");
        put(source, "clusters/a/log/0000000000000003", "another");
        assertThatThrownBy(() -> copy(source, target)).isInstanceOf(DifferentRepositoryException.class);
    }

    @Test
    void refusesAPlaceWhoseKeysWereRotatedThere() throws Exception {
        MemoryStore target = new MemoryStore();
        copy(source, target);
        put(target, "keys/f00/2", "rotated there");
        assertThatThrownBy(() -> copy(source, target))
                .isInstanceOf(DifferentRepositoryException.class)
                .hasMessageContaining("its \"keys/f00/2\" is not that of");
        put(source, "keys/f00/2", "rotated here");
        assertThatThrownBy(() -> copy(source, target)).isInstanceOf(DifferentRepositoryException.class);
    }

    /** By a writer for whom the copy has just become the repository. */
    @Test
    void writesNothingBehindAnEntryThatAppearsMeanwhile() throws Exception {
        MemoryStore target = new MemoryStore();
        copy(source, target);
        put(source, "clusters/a/log/0000000000000003", "third");
        put(source, "clusters/a/log/0000000000000004", "fourth");
        put(source, "clusters/a/packs/02/02cc", "new");
        ObjectStore written = new FaultyObjectStore(target, (step, name, _) -> {
            if (step == StoreStep.COMMITTED && name.lastPart().equals("02cc")) {
                put(target, "clusters/a/log/0000000000000003", "another's");
            }
        });
        assertThatThrownBy(() -> copy(source, written))
                .isInstanceOf(DifferentRepositoryException.class)
                .hasMessageContaining("its \"clusters/a/log/0000000000000003\" is not that of");
        assertThat(has(target, "clusters/a/log/0000000000000004")).isFalse();
    }

    @Test
    void refusesObjectsOfAnotherSize() throws Exception {
        MemoryStore target = new MemoryStore();
        put(target, CONTENTS.getFirst(), "short");
        assertThatThrownBy(() -> copy(source, target))
                .isInstanceOf(DifferentObjectException.class)
                .hasMessage("object \"" + CONTENTS.getFirst() + "\" has 35 bytes in memory: and 5 in memory:");
    }
}

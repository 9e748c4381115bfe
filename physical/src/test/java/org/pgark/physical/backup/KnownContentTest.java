package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.change.ChangeMap;
import org.pgark.postgres.datadir.Fork;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class KnownContentTest {
    private static final ObjectName FOLDER = new ObjectName("packs");
    private static final int PAGE = 8192;
    private static final int SEGMENT_BLOCKS = 1000;
    private static final FileAttributes ATTRIBUTES = new FileAttributes(0600, 0, 0, Instant.EPOCH);

    private final MemoryStore store = new MemoryStore();
    private final ChangeMap changes = new ChangeMap();
    private final SortedMap<String, Long> base = new TreeMap<>(PathOrder.BYTEWISE);
    private List<Integer> damaged = List.of();
    private final Random random = new Random(1);
    private int unreadable = -1;
    private int recheck;
    private int turn;

    private KnownFile known(String path, long size) throws IOException {
        try (PackWriter packs = new PackWriter(FramedObjects.unsealed(store), FOLDER, Compression.DEFAULT, random);
                FrameReader frames = new FrameReader(FramedObjects.unsealed(store), FOLDER)) {
            ManifestWriter manifest = new ManifestWriter(packs);
            FrameAddress frame = packs.append(ByteBuffer.allocateDirect(PAGE));
            for (var file : base.entrySet()) {
                List<Extent> extents = file.getValue() == 0
                        ? List.of()
                        : file.getValue() <= PAGE
                                ? List.of(new Extent.Stored(new FramePart(frame, 0, (int) (long) file.getValue())))
                                : List.of(
                                        new Extent.Stored(new FramePart(frame, 0, PAGE)),
                                        new Extent.Zeros(file.getValue() - PAGE));
                manifest.addFile(file.getKey(), new FileClass.ClusterData(), ATTRIBUTES, extents, damaged);
            }
            StreamRoot root = manifest.finish();
            packs.commit();
            KnownContent content = new KnownContent(
                    Optional.of(new ManifestReader(frames, root)),
                    Optional.of(changes),
                    recheck,
                    turn,
                    SEGMENT_BLOCKS,
                    List.of(),
                    address -> address.frame() == unreadable,
                    ProgressListener.SILENT);
            return content.of(new SourceFile(path, Path.of("/nonexistent"), new FileStatus(0100600, 0, 0, size, 0)));
        }
    }

    private static BitSet range(int from, int to) {
        BitSet bits = new BitSet();
        bits.set(from, to);
        return bits;
    }

    private BitSet read(String path, long size) throws IOException {
        return known(path, size).reading().orElseThrow().pages();
    }

    @Test
    void readsNothingOfAFileThatDidNotChange() throws Exception {
        base.put("base/5/1", 5L * PAGE);

        assertThat(known("base/5/1", 5 * PAGE).isKept()).isTrue();
    }

    @Test
    void readsAFileThatTheBaseDoesNotHave() throws Exception {
        base.put("base/5/1", 5L * PAGE);

        assertThat(known("base/5/2", 5 * PAGE).base()).isEmpty();
        assertThat(known("base/5/2", 5 * PAGE).reading()).isEmpty();
    }

    @Test
    void readsWhatIsNotARelationsFile() throws Exception {
        base.put("pg_xact/0000", 5L * PAGE);
        base.put("base/5/pg_filenode.map", 512L);

        assertThat(known("pg_xact/0000", 5 * PAGE).reading()).isEmpty();
        assertThat(known("base/5/pg_filenode.map", 512).reading()).isEmpty();
    }

    @Test
    void alwaysReadsVisibilityAndFreeSpaceMaps() throws Exception {
        base.put("base/5/1_fsm", 3L * PAGE);
        base.put("base/5/1_vm", 1L * PAGE);
        base.put("base/5/1_init", 1L * PAGE);

        assertThat(known("base/5/1_fsm", 3 * PAGE).reading()).isEmpty();
        assertThat(known("base/5/1_vm", PAGE).reading()).isEmpty();
        assertThat(known("base/5/1_init", PAGE).isKept()).isTrue();
    }

    @Test
    void readsThePagesThatChangedAndThoseThatCame() throws Exception {
        base.put("base/5/1.2", 5L * PAGE);
        changes.addBlock(1663, 5, 1, Fork.MAIN, 2 * SEGMENT_BLOCKS + 3);
        changes.addBlock(1663, 5, 1, Fork.MAIN, 4);

        assertThat(read("base/5/1.2", 5 * PAGE)).isEqualTo(range(3, 4));
        BitSet grown = range(5, 8);
        grown.set(3);
        assertThat(read("base/5/1.2", 8 * PAGE)).isEqualTo(grown);
    }

    @Test
    void readsNoPagesThatAreGone() throws Exception {
        base.put("base/5/1", 500L * PAGE);
        changes.addBlock(1663, 5, 1, Fork.MAIN, 3);
        changes.addBlock(1663, 5, 1, Fork.MAIN, 300);
        changes.addLimit(1663, 5, 1, Fork.MAIN, 100);

        assertThat(read("base/5/1", 100 * PAGE)).isEqualTo(range(3, 4));
        KnownFile regrown = known("base/5/1", 120 * PAGE);
        BitSet expected = range(100, 120);
        expected.set(3);
        assertThat(regrown.reading().orElseThrow().pages()).isEqualTo(expected);
    }

    @Test
    void isNotKeptIfItIsShorterThanTheBaseHasIt() throws Exception {
        base.put("base/5/1", 5L * PAGE);

        KnownFile shorter = known("base/5/1", 3 * PAGE);

        assertThat(shorter.reading().orElseThrow().isNothing()).isTrue();
        assertThat(shorter.isKept()).isFalse();
        assertThat(known("base/5/1", 0).isKept()).isFalse();
    }

    @Test
    void readsAPageThatIsNotWhole() throws Exception {
        base.put("base/5/1", 5L * PAGE);

        assertThat(read("base/5/1", 4 * PAGE + 100)).isEqualTo(range(4, 5));
        assertThat(read("base/5/1", 5 * PAGE + 100)).isEqualTo(range(5, 6));
    }

    @Test
    void readsAFileOfWhichTheBaseHasNoWholePages() throws Exception {
        base.put("base/5/1", 100L);

        assertThat(known("base/5/1", 5 * PAGE).reading()).isEmpty();
    }

    @Test
    void readsDamagedPagesAgain() throws Exception {
        base.put("base/5/1", 5L * PAGE);
        damaged = List.of(2);

        assertThat(read("base/5/1", 5 * PAGE)).isEqualTo(range(2, 3));
        assertThat(read("base/5/1", 2 * PAGE)).isEqualTo(new BitSet());
    }

    @Test
    void readsAFileOfWhichAnythingMayHaveChanged() throws Exception {
        base.put("base/5/1", 5L * PAGE);
        changes.addDatabase(1663, 5);

        assertThat(known("base/5/1", 5 * PAGE).reading()).isEmpty();
    }

    @Test
    void comesToEveryPageInAsManyTurnsAsTheShareSays() throws Exception {
        int pages = 900;
        base.put("base/5/1", (long) pages * PAGE);
        changes.addBlock(1663, 5, 1, Fork.MAIN, 7);
        recheck = 5;
        int[] times = new int[pages];
        for (turn = 100; turn < 100 + recheck; turn++) {
            Reading reading = known("base/5/1", (long) pages * PAGE).reading().orElseThrow();
            assertThat(reading.pages().get(7)).isTrue();
            assertThat(reading.expectedSame().get(7)).isFalse();
            reading.expectedSame().stream().forEach(page -> times[page]++);
            BitSet others = (BitSet) reading.pages().clone();
            assertThat(others.intersects(reading.expectedSame()))
                    .isEqualTo(!reading.expectedSame().isEmpty());
            others.andNot(reading.expectedSame());
            assertThat(others).isEqualTo(range(7, 8));
        }
        times[7]++;
        assertThat(times).containsOnly(1);
        recheck = 0;
        assertThat(read("base/5/1", (long) pages * PAGE)).isEqualTo(range(7, 8));
    }

    @Test
    void whatVerificationFoundDamagedIsStoredAnew() throws IOException {
        base.put("base/5/16384", (long) PAGE);
        assertThat(known("base/5/16384", PAGE).base()).isPresent();

        unreadable = 0;

        assertThat(known("base/5/16384", PAGE).base()).isEmpty();
    }
}

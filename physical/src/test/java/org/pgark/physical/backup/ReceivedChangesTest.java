package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.Lsn;
import org.pgark.repository.content.ContentHashes;
import org.pgark.repository.content.ContentHashing;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

class ReceivedChangesTest {
    private static final ObjectName FOLDER = new ObjectName("packs");
    private static final int PAGE = 8192;
    private static final int SEGMENT_BLOCKS = 1 << 17;
    private static final String PATH = "base/5/1";

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);
    private final FramedObjects objects = FramedObjects.unsealed(store);

    private Packer packer(AtomicBoolean cancelled) {
        return new Packer(
                new PackWriter(objects, FOLDER, Compression.DEFAULT, random),
                new ContentHashes(new ContentKey("00".repeat(32)), ContentHashing.NH_HMAC).hasher(),
                new SharedRuns(),
                new KnownHashes(new PackContentsCache(objects, FOLDER, 1 << 20), ProgressListener.SILENT),
                Leftovers.NONE,
                new ReadRate(0),
                new Recheck(Lsn.parse("1/0"), new FrameReader(objects, FOLDER), ProgressListener.SILENT),
                Optional.empty(),
                SEGMENT_BLOCKS,
                ProgressListener.SILENT,
                cancelled);
    }

    /** A base whose only file has a page of data, one of zeros, and one of data. */
    private StreamRoot base() throws IOException {
        try (PackWriter packs = new PackWriter(objects, FOLDER, Compression.DEFAULT, random)) {
            ManifestWriter manifest = new ManifestWriter(packs);
            FrameAddress frame = packs.append(ByteBuffer.allocateDirect(2 * PAGE));
            manifest.addFile(
                    PATH,
                    new FileClass.ClusterData(),
                    new FileAttributes(0600, 0, 0, Instant.EPOCH),
                    List.of(
                            new Extent.Stored(new FramePart(frame, 0, PAGE)),
                            new Extent.Zeros(PAGE),
                            new Extent.Stored(new FramePart(frame, PAGE, PAGE))),
                    List.of());
            StreamRoot root = manifest.finish();
            packs.commit();
            return root;
        }
    }

    private static byte[] header(int truncation, int... blocks) {
        ByteBuffer bytes = ByteBuffer.allocate(blocks.length == 0 ? 12 : PAGE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0xd3ae1f0d).putInt(blocks.length).putInt(truncation);
        for (int block : blocks) {
            bytes.putInt(block);
        }
        return bytes.array();
    }

    /** Receives a file of which page 1 came. */
    private void receive(int pages, boolean storeIsLost) throws Exception {
        try (FrameReader frames = new FrameReader(objects, FOLDER);
                ReceivedFiles files = new ReceivedFiles();
                PackingCrew crew = new PackingCrew(1, this::packer)) {
            ManifestReader manifest = new ManifestReader(frames, base());
            KnownContent known = new KnownContent(
                    Optional.of(manifest),
                    Optional.empty(),
                    0,
                    0,
                    SEGMENT_BLOCKS,
                    List.of(),
                    _ -> false,
                    ProgressListener.SILENT);
            PackingQueue queue = new PackingQueue(crew, 1, files);
            ReceivedChanges changes = new ReceivedChanges(
                    new SourceFile(PATH, Path.of(PATH), new FileStatus(0100600, 0, 0, PAGE, 0)),
                    SEGMENT_BLOCKS,
                    new ReceivedBase(Optional.of(manifest), known, Leftovers.NONE, Optional.empty()),
                    queue);
            byte[] header = header(pages, 1);
            changes.content(header, 0, header.length);
            if (storeIsLost) {
                for (StoredObject object : store.list(FOLDER)) {
                    store.delete(object.name());
                }
            }
            changes.content(new byte[PAGE], 0, PAGE);
            changes.end();
            queue.finish();
        }
    }

    @Test
    void areRefusedIfWhatTheBaseHasCannotBeRead() throws Exception {
        receive(3, false);
        receive(5, false);
        assertThatThrownBy(() -> receive(3, true)).isInstanceOf(UnusableChangesException.class);
    }

    @Test
    void areRefusedIfTheBaseHasAGap() {
        SourceFile file = new SourceFile(PATH, Path.of(PATH), new FileStatus(0100600, 0, 0, 3 * PAGE, 0));
        assertThatThrownBy(() -> {
                    try (FrameReader frames = new FrameReader(objects, FOLDER);
                            PackingCrew crew = new PackingCrew(1, this::packer)) {
                        PackingCrew.result(crew.submit(new ReceivedSlice(
                                new KnownFile(
                                        file,
                                        new ManifestReader(frames, base())
                                                .find(PATH)
                                                .map(ManifestEntry.File.class::cast),
                                        Optional.empty()),
                                new byte[0],
                                0,
                                3 * PAGE,
                                true,
                                Optional.of(new BitSet()),
                                Earlier.NOTHING,
                                Earlier.NOTHING)));
                    }
                })
                .isInstanceOf(UnusableChangesException.class)
                .hasMessageContaining("\"base/5/1\" at 0 is not known");
    }

    @Test
    void areRefusedIfTheirHeaderIsDamaged() {
        byte[] bytes = header(3, 1);
        bytes[0] ^= 1;
        assertThatThrownBy(() -> new IncrementalHeader(PATH, SEGMENT_BLOCKS).take(bytes, 0, bytes.length))
                .isInstanceOf(UnusableChangesException.class)
                .hasMessage("incremental file of \"base/5/1\" begins with d3ae1f0c, 1 pages, 3 pages long");
    }

    @Test
    void areOfAFileThatIsNoLongerThanASegment() throws Exception {
        IncrementalHeader header = new IncrementalHeader(PATH, SEGMENT_BLOCKS);
        byte[] bytes = header(200_000);
        assertThat(header.take(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(header.fileBytes()).isEqualTo(1L << 30);
    }
}

package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.ContentHashes;
import org.pgark.repository.content.ContentHashing;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class PackingTest {
    private static final ObjectName FOLDER = new ObjectName("packs");
    private static final ContentKey KEY = new ContentKey("00".repeat(32));

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);

    private PackingCrew crew(int size) {
        return new PackingCrew(size, cancelled -> packer(cancelled));
    }

    private Packer packer(AtomicBoolean cancelled) {
        return new Packer(
                new PackWriter(FramedObjects.unsealed(store), FOLDER, Compression.DEFAULT, random),
                new ContentHashes(KEY, ContentHashing.NH_HMAC).hasher(),
                new SharedRuns(),
                new KnownHashes(
                        new PackContentsCache(FramedObjects.unsealed(store), FOLDER, 1 << 20), ProgressListener.SILENT),
                Leftovers.NONE,
                new ReadRate(0),
                new Recheck(
                        Lsn.parse("1/0"),
                        new FrameReader(FramedObjects.unsealed(store), FOLDER),
                        ProgressListener.SILENT),
                Optional.of(new PageInspector(Lsn.parse("1/0"), wanted -> wanted, new AtomicLong(), new AtomicLong())),
                131072,
                ProgressListener.SILENT,
                cancelled);
    }

    private SourceFile file(String path, byte[] content) throws IOException {
        Path place = folder.resolve(path);
        Files.createDirectories(place.getParent());
        Files.write(place, content);
        return new SourceFile(path, place, FileStatus.read(place));
    }

    private static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static Bundle bundle(List<SourceFile> files) {
        return new Bundle(files.stream()
                .map(file -> new Bundle.Member(KnownFile.unknown(file), Earlier.NOTHING, Earlier.NOTHING))
                .toList());
    }

    private static Slice slice(SourceFile file, long length, boolean last) {
        return new Slice(KnownFile.unknown(file), 0, length, last, Earlier.NOTHING, Earlier.NOTHING, Optional.empty());
    }

    private List<PackedPart> pack(PackingTask task) throws Exception {
        try (PackingCrew crew = crew(1)) {
            List<PackedPart> parts = PackingCrew.result(crew.submit(task));
            assertThat(crew.commit()).hasSizeLessThanOrEqualTo(1);
            return parts;
        }
    }

    private byte[] content(List<Extent> extents) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (FrameReader reader = new FrameReader(FramedObjects.unsealed(store), FOLDER)) {
            for (Extent extent : extents) {
                switch (extent) {
                    case Extent.Zeros zeros -> content.write(new byte[(int) zeros.length()]);
                    case Extent.Stored stored -> {
                        byte[] raw = new byte[stored.part().frame().rawLength()];
                        reader.read(stored.part().frame(), raw);
                        content.write(raw, stored.part().offset(), stored.part().length());
                    }
                }
            }
        }
        return content.toByteArray();
    }

    @Test
    void bundlesSmallFilesIntoSharedFrames() throws Exception {
        List<SourceFile> files = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            files.add(file("conf/" + number, random(number * 10)));
        }
        files.add(file("conf/300", random(200_000)));
        files.add(file("conf/301", random(Packer.FRAME_BYTES)));

        List<PackedPart> parts = pack(bundle(files));

        assertThat(parts).hasSameSizeAs(files);
        for (PackedPart part : parts) {
            assertThat(content(part.extents()))
                    .as(part.file().source().path())
                    .isEqualTo(Files.readAllBytes(part.file().source().place()));
            assertThat(part.extents()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(parts.stream()
                        .flatMap(part -> part.extents().stream())
                        .map(extent -> ((Extent.Stored) extent).part().frame())
                        .distinct())
                .hasSizeLessThan(6);
    }

    @Test
    void readsASmallFileToTheEndThatItHasWhenItIsOpened() throws Exception {
        SourceFile grown = file("postgresql.auto.conf", random(100));
        Files.write(grown.place(), random(700_000));
        SourceFile shrunk = file("pg_ident.conf", random(100));
        Files.write(shrunk.place(), random(10));

        List<PackedPart> parts = pack(bundle(List.of(grown, shrunk)));

        assertThat(content(parts.get(0).extents())).isEqualTo(random(700_000));
        assertThat(content(parts.get(1).extents())).isEqualTo(random(10));
    }

    @Test
    void passesOverFilesThatVanished() throws Exception {
        SourceFile first = file("a", random(10));
        SourceFile gone = file("b", random(20));
        Files.delete(gone.place());

        List<PackedPart> parts = pack(bundle(List.of(first, gone)));

        assertThat(parts.get(0).found()).isTrue();
        assertThat(parts.get(1).found()).isFalse();
        assertThat(pack(slice(gone, 1 << 20, true)).getFirst().found()).isFalse();
    }

    @Test
    void keepsNoFrameForZeros() throws Exception {
        byte[] content = new byte[3 * Packer.FRAME_BYTES];
        content[Packer.FRAME_BYTES + 17] = 1;
        SourceFile file = file("x/file", content);

        List<PackedPart> parts = pack(slice(file, content.length, true));

        List<Extent> extents = parts.getFirst().extents();
        assertThat(extents).hasSize(3);
        assertThat(extents.get(0)).isEqualTo(new Extent.Zeros(Packer.FRAME_BYTES));
        assertThat(extents.get(1).length()).isEqualTo(ContentHasher.UNIT);
        assertThat(extents.get(2)).isEqualTo(new Extent.Zeros(2 * Packer.FRAME_BYTES - ContentHasher.UNIT));
        assertThat(content(extents)).isEqualTo(content);
    }

    @Test
    void tellsHowMuchOfASliceWasTruncatedAway() throws Exception {
        SourceFile file = file("x/file", random(300_000));

        PackedPart part = pack(slice(file, 1 << 20, false)).getFirst();

        assertThat(part.missing()).isEqualTo((1 << 20) - 300_000);
        assertThat(content(part.extents())).isEqualTo(random(300_000));
    }

    @Test
    void findsDamageInRelationsOnly() throws Exception {
        byte[] damaged = PageInspectorTest.page(0, Lsn.parse("0/10"));
        damaged[4000] ^= 1;
        SourceFile relation = file("base/5/16384", damaged);
        SourceFile other = file("pg_xact/0000", damaged);

        List<PackedPart> parts = pack(bundle(List.of(relation, other)));

        assertThat(parts.get(0).damages()).containsExactly(new PageDamage(0, Lsn.parse("0/10")));
        assertThat(parts.get(1).damages()).isEmpty();
    }

    @Test
    void handsOnTheFailureOfAWorker() throws Exception {
        Path place = Files.createDirectory(folder.resolve("directory"));
        SourceFile notAFile = new SourceFile("directory", place, new FileStatus(0100600, 0, 0, 100, 0));
        try (PackingCrew crew = crew(2)) {
            Future<List<PackedPart>> result = crew.submit(bundle(List.of(notAFile)));
            assertThatThrownBy(() -> PackingCrew.result(result))
                    .isInstanceOf(FailedException.class)
                    .hasMessage("cannot read \"directory\": Is a directory");
        }
    }

    @Test
    void leavesNothingWhenItIsGivenUp() throws Exception {
        SourceFile file = file("x/file", random(8 << 20));
        try (PackingCrew crew = crew(2)) {
            for (int number = 0; number < 20; number++) {
                var _ = crew.submit(slice(file, 8 << 20, true));
            }
        }
        assertThat(store.list(FOLDER)).isEmpty();
    }
}

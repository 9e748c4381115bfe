package org.pgark.repository.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class ManifestTest {
    private static final ObjectName PACKS = new ObjectName("packs");
    private static final FileClass DATA = new FileClass.ClusterData();
    private static final FileAttributes ATTRIBUTES =
            new FileAttributes(0600, -2, 26, Instant.parse("2026-11-22T10:42:00.123456789Z"));

    private final MemoryStore store = new MemoryStore();
    private final PackWriter packs =
            new PackWriter(FramedObjects.unsealed(store), PACKS, Compression.DEFAULT, new Random(1));
    private final FrameReader frames = new FrameReader(FramedObjects.unsealed(store), PACKS);
    private final ManifestWriter writer = new ManifestWriter(packs);
    private FrameAddress first = PageMapTest.frame(new Random(1));
    private FrameAddress second = PageMapTest.frame(new Random(2));

    @BeforeEach
    void writeFrames() throws IOException {
        first = packs.append(ByteBuffer.allocate(64 << 10));
        second = packs.append(ByteBuffer.allocate(64 << 10));
    }

    @AfterEach
    void release() throws IOException {
        packs.close();
        frames.close();
    }

    private ManifestReader finish() throws IOException {
        StreamRoot root = writer.finish();
        packs.commit();
        return new ManifestReader(frames, root);
    }

    private static List<ManifestEntry> all(ManifestReader.Cursor cursor) throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        for (Optional<ManifestEntry> entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
            entries.add(entry.get());
        }
        return entries;
    }

    private static List<Extent> extents(ManifestReader manifest, String path) throws IOException {
        ManifestEntry.File file = (ManifestEntry.File) manifest.find(path).orElseThrow();
        ManifestReader.ExtentCursor cursor = manifest.extents(file);
        List<Extent> extents = new ArrayList<>();
        for (Optional<Extent> extent = cursor.next(); extent.isPresent(); extent = cursor.next()) {
            extents.add(extent.get());
        }
        return extents;
    }

    private static Extent part(FrameAddress frame, int offset, int length) {
        return new Extent.Stored(new FramePart(frame, offset, length));
    }

    @Test
    void readsBackEntriesOfEveryKind() throws IOException {
        FileClass tablespace = new FileClass.Tablespace(4_294_967_295L);
        List<ManifestEntry> entries = List.of(
                new ManifestEntry.File(
                        "/etc/postgresql.conf",
                        new FileClass.ExternalConfiguration(),
                        ATTRIBUTES,
                        100,
                        new FileContent.Single(part(first, 7, 100)),
                        List.of()),
                new ManifestEntry.Directory("base", DATA, ATTRIBUTES),
                new ManifestEntry.File("base/1", DATA, ATTRIBUTES, 0, new FileContent.Empty(), List.of()),
                new ManifestEntry.File(
                        "base/2",
                        DATA,
                        ATTRIBUTES,
                        1L << 40,
                        new FileContent.Single(new Extent.Zeros(1L << 40)),
                        List.of(0, 5, 131_071)),
                new ManifestEntry.File(
                        "base/3",
                        DATA,
                        ATTRIBUTES,
                        1L << 40,
                        new FileContent.Mapped(List.of(new FramePart(first, 0, 9), new FramePart(second, 9, 9))),
                        List.of(-1)),
                new ManifestEntry.SymbolicLink("pg_tblspc/16400", tablespace, ATTRIBUTES, "/srv/schnell/ä"),
                new ManifestEntry.Directory("pg_tblspc/16400/ä", tablespace, ATTRIBUTES));
        for (ManifestEntry entry : entries) {
            writer.add(entry);
        }
        ManifestReader manifest = finish();
        assertThat(manifest.size()).isEqualTo(7);
        assertThat(all(manifest.entries())).isEqualTo(entries);
        assertThat(all(manifest.entriesUnder("base"))).isEqualTo(entries.subList(1, 5));
        assertThat(all(manifest.entriesUnder("base/"))).isEqualTo(entries.subList(2, 5));
        assertThat(all(manifest.entriesUnder("none"))).isEmpty();
        assertThat(manifest.find("base/2")).contains(entries.get(3));
        assertThat(manifest.find("base/22")).isEmpty();
        assertThat(manifest.find("zzz")).isEmpty();
    }

    @Test
    void storesAPageMapOnlyWhereThereAreSeveralExtents() throws IOException {
        writer.addFile("a", DATA, ATTRIBUTES, List.of(), List.of());
        writer.addFile("b", DATA, ATTRIBUTES, List.of(part(first, 0, 100), part(first, 100, 50)), List.of());
        writer.addFile("c", DATA, ATTRIBUTES, List.of(new Extent.Zeros(5), new Extent.Zeros(6)), List.of());
        List<Extent> several = List.of(part(first, 0, 100), part(second, 100, 50), new Extent.Zeros(8192));
        writer.addFile("d", DATA, ATTRIBUTES, several, List.of(1));
        writer.add(new ManifestEntry.Directory("e", DATA, ATTRIBUTES));
        ManifestReader manifest = finish();
        assertThat(extents(manifest, "a")).isEmpty();
        assertThat(extents(manifest, "b")).containsExactly(part(first, 0, 150));
        assertThat(extents(manifest, "c")).containsExactly(new Extent.Zeros(11));
        assertThat(extents(manifest, "d")).isEqualTo(several);
        assertThat(all(manifest.entries())).hasSize(5);
        assertThat((ManifestEntry.File) manifest.find("d").orElseThrow()).satisfies(file -> {
            assertThat(file.size()).isEqualTo(8342);
            assertThat(file.content()).isInstanceOf(FileContent.Mapped.class);
            assertThat(file.damagedPages()).containsExactly(1);
        });
    }

    @Test
    void bundlesManyPageMapsAndCutsLongOnes() throws IOException {
        List<Extent> few = List.of(part(first, 0, 100), part(second, 100, 50));
        List<Extent> many = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            many.add(part(i % 2 == 0 ? first : second, i % 1000, 10));
        }
        for (int i = 10_000; i < 20_000; i++) {
            writer.addFile("f" + i, DATA, ATTRIBUTES, i == 15_000 ? many : few, List.of());
        }
        ManifestReader manifest = finish();
        assertThat(extents(manifest, "f12345")).isEqualTo(few);
        assertThat(extents(manifest, "f15000")).isEqualTo(many);
        assertThat(all(manifest.entries())).hasSize(10_000);
    }

    @Test
    void namesTheEntryThatIsOutOfOrder() throws IOException {
        writer.add(new ManifestEntry.Directory("b", DATA, ATTRIBUTES));
        assertThatThrownBy(() -> writer.add(new ManifestEntry.Directory("a", DATA, ATTRIBUTES)))
                .hasMessage("invalid manifest entry \"a\": entries are not in ascending order");
    }

    @Test
    void findsRelationsByName() throws IOException {
        RelationNamesWriter names = new RelationNamesWriter(packs);
        List<RelationName> relations = new ArrayList<>();
        for (String database : List.of("a", "a b", "ä")) {
            for (String schema : List.of("public", "Sch.ema")) {
                for (int i = 0; i < 100; i++) {
                    relations.add(new RelationName(
                            database, schema, "t" + i, 'r', List.of("base/5/" + i, "base/5/" + i + "_fsm")));
                }
            }
        }
        relations.sort(RelationNamesWriter.ORDER);
        for (RelationName relation : relations) {
            names.add(relation);
        }
        StreamRoot root = names.finish();
        packs.commit();
        RelationNamesReader reader = new RelationNamesReader(frames, root);
        assertThat(reader.find("ä", "Sch.ema", "t77").orElseThrow().paths())
                .containsExactly("base/5/77", "base/5/77_fsm");
        assertThat(reader.find("ä", "Sch.ema", "t777")).isEmpty();
        List<RelationName> found = new ArrayList<>();
        RelationNamesReader.Cursor cursor = reader.relations();
        for (Optional<RelationName> relation = cursor.next(); relation.isPresent(); relation = cursor.next()) {
            found.add(relation.get());
        }
        assertThat(found).isEqualTo(relations);
    }

    @Test
    @Tag("slow")
    void aMillionFilesPassThroughASmallHeap(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
            throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long largest = 0;
        StreamRoot root;
        try (LocalDirectoryStore local = new LocalDirectoryStore(folder);
                PackWriter target =
                        new PackWriter(FramedObjects.unsealed(local), PACKS, Compression.DEFAULT, new Random(1));
                FrameReader source = new FrameReader(FramedObjects.unsealed(local), PACKS)) {
            ManifestWriter manifest = new ManifestWriter(target);
            for (int i = 0; i < 1_000_000; i++) {
                List<Extent> extents = i % 10 == 0
                        ? List.of(part(first, 0, 8192), part(second, 0, 8192))
                        : List.of(part(first, 0, 8192));
                manifest.addFile(String.format(Locale.ROOT, "base/5/%07d", i), DATA, ATTRIBUTES, extents, List.of());
                if (i % 100_000 == 99_999) {
                    System.gc();
                    largest = Math.max(largest, runtime.totalMemory() - runtime.freeMemory());
                }
            }
            root = manifest.finish();
            target.commit();
            ManifestReader.Cursor entries = new ManifestReader(source, root).entries();
            int count = 0;
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (count++ % 100_000 == 0) {
                    System.gc();
                    largest = Math.max(largest, runtime.totalMemory() - runtime.freeMemory());
                }
            }
            assertThat(count).isEqualTo(1_000_000);
        }
        assertThat(largest).isLessThan(40 << 20);
    }
}

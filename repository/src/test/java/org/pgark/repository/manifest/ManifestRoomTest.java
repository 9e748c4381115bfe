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
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

/** Entries of a manifest that take their place in the order, but are only known at the end. */
class ManifestRoomTest {
    private static final ObjectName FOLDER = new ObjectName("packs");
    private static final FileAttributes ATTRIBUTES = new FileAttributes(0600, 1, 1, Instant.EPOCH);

    private final MemoryStore store = new MemoryStore();

    private static ManifestEntry.File file(String path) {
        return new ManifestEntry.File(
                path, new FileClass.ClusterData(), ATTRIBUTES, 0, new FileContent.Empty(), List.of());
    }

    private List<String> paths(StreamRoot root) throws IOException {
        List<String> paths = new ArrayList<>();
        try (FrameReader frames = new FrameReader(FramedObjects.unsealed(store), FOLDER)) {
            ManifestReader.Cursor cursor = new ManifestReader(frames, root).entries();
            for (Optional<ManifestEntry> entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
                paths.add(entry.get().path());
            }
        }
        return paths;
    }

    private PackWriter packs() {
        return new PackWriter(FramedObjects.unsealed(store), FOLDER, Compression.DEFAULT, new Random(1));
    }

    @Test
    void findsLateEntriesAtTheirPlace() throws Exception {
        StreamRoot root;
        try (PackWriter packs = packs()) {
            ManifestWriter manifest = new ManifestWriter(packs);
            manifest.add(file("a"));
            manifest.leaveRoom("b");
            manifest.add(file("c"));
            manifest.add(file("d"));
            manifest.leaveRoom("e");
            manifest.leaveRoom("f");
            manifest.fillRoom(file("f"));
            manifest.fillRoom(file("b"));
            root = manifest.finish();
            packs.commit();
        }

        assertThat(root.entries()).isEqualTo(5);
        assertThat(paths(root)).containsExactly("a", "b", "c", "d", "f");
        try (FrameReader frames = new FrameReader(FramedObjects.unsealed(store), FOLDER)) {
            ManifestReader reader = new ManifestReader(frames, root);
            assertThat(reader.find("b")).contains(file("b"));
            assertThat(reader.find("d")).contains(file("d"));
            assertThat(reader.find("e")).isEmpty();
            assertThat(reader.find("f")).contains(file("f"));
        }
    }

    @Test
    void takesAnyNumberOfFilesIntoTheRoomOfADirectory() throws Exception {
        StreamRoot root;
        try (PackWriter packs = packs()) {
            Extent stored = new Extent.Stored(new FramePart(packs.append(ByteBuffer.wrap(new byte[] {1, 2})), 0, 2));
            List<Extent> content = List.of(stored, new Extent.Zeros(3));
            ManifestWriter manifest = new ManifestWriter(packs);
            manifest.add(file("pg_wal"));
            manifest.leaveRoom("pg_wal/");
            manifest.add(file("pg_wal/archive_status"));
            manifest.fillRoomIn("pg_wal/", "pg_wal/1", ATTRIBUTES, content);
            manifest.fillRoomIn("pg_wal/", "pg_wal/2", ATTRIBUTES, List.of(stored));
            assertThatThrownBy(() -> manifest.fillRoomIn("pg_wal/", "pg_wal/2", ATTRIBUTES, List.of(stored)))
                    .hasMessage("invalid manifest entry \"pg_wal/2\": no room is left for it");
            assertThatThrownBy(() -> manifest.fillRoomIn("pg_wal/", "pg_xact/2", ATTRIBUTES, List.of(stored)))
                    .hasMessage("invalid manifest entry \"pg_xact/2\": no room is left for it");
            root = manifest.finish();
            packs.commit();
        }

        assertThat(root.entries()).isEqualTo(4);
        assertThat(paths(root)).containsExactly("pg_wal", "pg_wal/1", "pg_wal/2", "pg_wal/archive_status");
        try (FrameReader frames = new FrameReader(FramedObjects.unsealed(store), FOLDER)) {
            ManifestReader reader = new ManifestReader(frames, root);
            ManifestEntry.File mapped =
                    (ManifestEntry.File) reader.find("pg_wal/1").orElseThrow();
            assertThat(mapped.size()).isEqualTo(5);
            ManifestReader.ExtentCursor extents = reader.extents(mapped);
            assertThat(extents.next().orElseThrow().length()).isEqualTo(2);
            assertThat(extents.next()).contains(new Extent.Zeros(3));
        }
    }

    @Test
    void keepsTheOrderOfManyFramesAndPageMaps() throws Exception {
        List<String> expected = new ArrayList<>();
        StreamRoot root;
        try (PackWriter packs = packs()) {
            ManifestWriter manifest = new ManifestWriter(packs);
            Extent stored = new Extent.Stored(
                    new FramePart(packs.append(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})), 0, 4));
            for (int number = 0; number < 20_000; number++) {
                String path = String.format(Locale.ROOT, "base/5/%06d_%s", number, "x".repeat(number % 50));
                if (number % 7000 == 3) {
                    manifest.leaveRoom(path);
                } else {
                    List<Extent> extents = number % 5 == 0 ? List.of(stored, new Extent.Zeros(10)) : List.of(stored);
                    manifest.addFile(path, new FileClass.ClusterData(), ATTRIBUTES, extents, List.of());
                }
                expected.add(path);
            }
            for (int number = 3; number < 20_000; number += 7000) {
                manifest.fillRoom(file(expected.get(number)));
            }
            root = manifest.finish();
            packs.commit();
        }
        assertThat(paths(root)).isEqualTo(expected);
    }

    @Test
    void leavesOutRoomsThatStayEmpty() throws Exception {
        try (PackWriter packs = packs()) {
            ManifestWriter manifest = new ManifestWriter(packs);
            manifest.leaveRoom("a");
            StreamRoot root = manifest.finish();
            packs.commit();
            assertThat(paths(root)).isEmpty();
        }
    }

    @Test
    void refusesAnEntryWithoutRoomOrOutOfOrder() throws Exception {
        try (PackWriter packs = packs()) {
            ManifestWriter manifest = new ManifestWriter(packs);
            manifest.leaveRoom("b");
            manifest.fillRoom(file("b"));
            assertThatThrownBy(() -> manifest.fillRoom(file("b")))
                    .hasMessage("invalid manifest entry \"b\": no room is left for it");
            assertThatThrownBy(() -> manifest.add(file("a")))
                    .hasMessage("invalid manifest entry \"a\": entries are not in ascending order");
        }
    }
}

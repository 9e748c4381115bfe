package org.pgark.repository.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class SortedStreamTest {
    private static final ObjectName PACKS = new ObjectName("packs");

    private final MemoryStore store = new MemoryStore();
    private final Random ids = new Random(7);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private StreamRoot write(Iterable<String> keys, int full) throws IOException {
        try (PackWriter packs = new PackWriter(FramedObjects.unsealed(store), PACKS, Compression.DEFAULT, ids)) {
            SortedStreamWriter writer = new SortedStreamWriter(packs, full);
            for (String key : keys) {
                writer.add(utf8(key), utf8("value of " + key));
            }
            StreamRoot root = writer.finish();
            packs.commit();
            return root;
        }
    }

    private List<String> read(StreamRoot root, String from) throws IOException {
        List<String> keys = new ArrayList<>();
        try (FrameReader frames = new FrameReader(FramedObjects.unsealed(store), PACKS)) {
            SortedStreamReader reader = new SortedStreamReader(frames, root, utf8(from));
            for (Optional<SortedStreamReader.Entry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                String key = new String(entry.get().key(), StandardCharsets.UTF_8);
                assertThat(new String(entry.get().value(), StandardCharsets.UTF_8))
                        .isEqualTo("value of " + key);
                keys.add(key);
            }
        }
        return keys;
    }

    @Test
    void findsEveryPlaceInStreamsOfEverySize() throws IOException {
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 2, 10, 100, 1000}) {
            TreeSet<String> keys = new TreeSet<>();
            while (keys.size() < size) {
                keys.add("base/" + random.nextInt(100) + "/" + random.nextInt(100_000));
            }
            for (int full : new int[] {1, 100, 300, 100_000}) {
                StreamRoot root = write(keys, full);
                assertThat(root.entries()).isEqualTo(size);
                assertThat(read(root, "")).containsExactlyElementsOf(keys);
                for (int i = 0; i < 5; i++) {
                    String from = "base/" + random.nextInt(100) + "/" + random.nextInt(100_000);
                    assertThat(read(root, from)).containsExactlyElementsOf(keys.tailSet(from));
                }
                for (String from : keys.stream().limit(3).toList()) {
                    assertThat(read(root, from)).containsExactlyElementsOf(keys.tailSet(from));
                }
                assertThat(read(root, "zzz")).isEmpty();
            }
        }
    }

    @Test
    void refusesEntriesOutOfOrder() {
        for (List<String> keys : List.of(List.of("b", "a"), List.of("a", "a"), List.of("ä", "z"))) {
            assertThatThrownBy(() -> write(keys, 100)).hasMessage("entries are not in ascending order");
        }
        assertThatThrownBy(() -> write(List.of(""), 100)).hasMessage("invalid key of 0 bytes");
    }

    @Test
    void fillsRoomsLaterInAnyOrderOrNever() throws IOException {
        for (int full : new int[] {1, 100, 100_000}) {
            StreamRoot root;
            try (PackWriter packs = new PackWriter(FramedObjects.unsealed(store), PACKS, Compression.DEFAULT, ids)) {
                SortedStreamWriter writer = new SortedStreamWriter(packs, full);
                for (String key : List.of("a", "b", "c", "d", "e", "f", "g")) {
                    if (key.equals("a") || key.equals("d") || key.equals("e") || key.equals("g")) {
                        writer.leaveRoom(utf8(key));
                    } else {
                        writer.add(utf8(key), utf8("value of " + key));
                    }
                }
                writer.fillRoom(utf8("g"), utf8("g"), utf8("value of g"));
                writer.fillRoom(utf8("d"), utf8("d"), utf8("value of d"));
                writer.fillRoom(utf8("a"), utf8("a"), utf8("value of a"));
                assertThatThrownBy(() -> writer.fillRoom(utf8("a"), utf8("a"), utf8("again")))
                        .hasMessage("no room is left for it");
                assertThatThrownBy(() -> writer.fillRoom(utf8("b"), utf8("b"), utf8("again")))
                        .hasMessage("no room is left for it");
                root = writer.finish();
                packs.commit();
            }
            assertThat(root.entries()).isEqualTo(6);
            assertThat(read(root, "")).containsExactly("a", "b", "c", "d", "f", "g");
            assertThat(read(root, "d")).containsExactly("d", "f", "g");
            assertThat(read(root, "e")).containsExactly("f", "g");
        }
    }

    @Test
    void roomsThatStayEmptyLeaveAnEmptyStream() throws IOException {
        StreamRoot root;
        try (PackWriter packs = new PackWriter(FramedObjects.unsealed(store), PACKS, Compression.DEFAULT, ids)) {
            SortedStreamWriter writer = new SortedStreamWriter(packs);
            writer.leaveRoom(utf8("a"));
            assertThatThrownBy(() -> writer.add(utf8("a"), utf8("x"))).hasMessage("entries are not in ascending order");
            root = writer.finish();
            packs.commit();
        }
        assertThat(root.entries()).isZero();
        assertThat(read(root, "")).isEmpty();
    }
}

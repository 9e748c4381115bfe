package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgark.testkit.SmallFileSystem;

/** What a full local store can still take. */
class LocalReserveTest {
    private static final long ROOM = 16L << 20;
    private static final byte[] SMALL = new byte[2000];
    private static final byte[] LARGE = new byte[2 << 20];

    private static void write(ObjectStore store, String name, byte[] content) throws IOException {
        try (ObjectWriter writer = store.create(new ObjectName(name))) {
            writer.write(ByteBuffer.wrap(content));
            writer.commit();
        }
    }

    private static long pieces(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("reserve"))) {
            return files.count();
        }
    }

    @Test
    void smallObjectsFindRoomOnlyOnceTheReserveIsOpen() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (SmallFileSystem disk = SmallFileSystem.mount(ROOM);
                LocalDirectoryStore store =
                        new LocalDirectoryStore(disk.folder().resolve("store"))) {
            Path root = disk.folder().resolve("store");
            store.keepReserve();
            assertThat(pieces(root)).isEqualTo(8);
            write(store, "log/1", SMALL);
            Path ballast = disk.fill();

            assertThatThrownBy(() -> write(store, "log/2", SMALL)).hasMessageContaining("No space left on device");
            store.openReserve();
            write(store, "log/2", SMALL);
            write(store, "other/folder/3", SMALL);
            assertThat(store.size(new ObjectName("log/2"))).hasValue(SMALL.length);
            ByteBuffer read = ByteBuffer.allocate(SMALL.length);
            store.read(new ObjectName("log/2"), 0, read);
            assertThat(read.array()).isEqualTo(SMALL);
            long left = pieces(root);
            assertThatThrownBy(() -> write(store, "packs/4", LARGE)).hasMessageContaining("No space left on device");
            assertThat(pieces(root)).isEqualTo(left);

            Files.delete(ballast);
            store.keepReserve();
            assertThat(pieces(root)).isEqualTo(8);
            write(store, "packs/4", LARGE);
        }
    }
}

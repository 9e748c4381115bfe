package org.pgark.repository.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

class PackContentsTest {
    private static final ObjectName FOLDER = new ObjectName("packs");

    private final ContentHasher hasher =
            new ContentHashes(new ContentKey("00".repeat(ContentKey.LENGTH)), ContentHashing.NH_HMAC).hasher();
    private final byte[] bytes = new byte[10 * ContentHasher.UNIT];

    @BeforeEach
    void fill() {
        new Random(1).nextBytes(bytes);
    }

    private FrameContents.Part part(String path, long position, int offset, int length) {
        return new FrameContents.Part(path, position, length, hasher.hashUnits(bytes, offset, length));
    }

    @Test
    void whatAFrameIsCanBeReadBackFromItsPack(@TempDir Path folder) throws Exception {
        try (ObjectStore store = new LocalDirectoryStore(folder);
                PackWriter writer =
                        new PackWriter(FramedObjects.unsealed(store), FOLDER, Compression.DEFAULT, new Random(1))) {
            FrameContents small = new FrameContents(
                    List.of(part("base/5/1259", 0, 0, ContentHasher.UNIT), part("base/5/PG_VERSION", 0, 8192, 3)));
            FrameContents pages = new FrameContents(List.of(part("base/5/1260", 1L << 33, 16384, 32768)));
            FrameAddress first = writer.append(ByteBuffer.wrap(bytes, 0, 8195), small);
            FrameAddress second = writer.append(ByteBuffer.wrap(bytes, 16384, 32768), pages);
            writer.commit();

            PackContentsCache cache = new PackContentsCache(FramedObjects.unsealed(store), FOLDER, 1 << 20);
            PackContents contents = cache.of(first.pack());

            assertThat(contents.frames()).containsExactly(0, 1);
            FrameContents.Part version = contents.of(0).orElseThrow().parts().get(1);
            assertThat(version.path()).isEqualTo("base/5/PG_VERSION");
            assertThat(version.length()).isEqualTo(3);
            FrameContents.Part read = contents.of(1).orElseThrow().parts().getFirst();
            assertThat(read.position()).isEqualTo(1L << 33);
            assertThat(cache.hashes(second, 8192, 16384))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(hasher.hashUnits(bytes, 24576, 16384)));
            assertThat(cache.hashes(first, 8192, 3))
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(hasher.hashUnits(bytes, 8192, 3)));
        }
    }

    @Test
    void aRunThatIsNotMadeOfWholeUnitsHasNoHashes() throws Exception {
        ContentsEncoder encoder = new ContentsEncoder();
        encoder.add(3, new FrameContents(List.of(part("a", 0, 0, 8195), part("b", 0, 8195, 8192))));
        PackContents contents = PackContents.decode(List.of(bytes(encoder)));

        assertThat(contents.hashes(3, 0, 8192)).isPresent();
        assertThat(contents.hashes(3, 0, 8195)).isPresent();
        assertThat(contents.hashes(3, 8195, 8192)).isPresent();
        assertThat(contents.hashes(3, 0, 8193)).isEmpty();
        assertThat(contents.hashes(3, 1, 8192)).isEmpty();
        assertThat(contents.hashes(3, 0, 8195 + 8192)).isEmpty();
        assertThat(contents.hashes(3, 8195 + 8192, 1)).isEmpty();
        assertThat(contents.hashes(4, 0, 8192)).isEmpty();
    }

    @Test
    void damagedContentsAreRefused() {
        ContentsEncoder encoder = new ContentsEncoder();
        encoder.add(3, new FrameContents(List.of(part("base/1/2", 8192, 0, 20000))));
        byte[] right = bytes(encoder);

        for (int length = 2; length < right.length; length++) {
            byte[] shortened = Arrays.copyOf(right, length);
            assertThatThrownBy(() -> PackContents.decode(List.of(shortened)))
                    .isInstanceOf(MalformedBytesException.class);
        }
    }

    private static byte[] bytes(ContentsEncoder encoder) {
        byte[] bytes = new byte[encoder.length()];
        encoder.view().get(bytes);
        return bytes;
    }
}

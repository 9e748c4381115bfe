package org.pgark.physical.systemcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path folder;

    @Test
    void whatWasReadIsForgottenAndWhatWasThereStays() throws IOException {
        Optional<PageCache> calls = PageCache.available();
        assumeTrue(calls.isPresent(), "mincore and posix_fadvise are not known on this platform");
        assumeTrue(
                Set.of("ext4", "xfs").contains(Files.getFileStore(folder).type()),
                "this file system may keep its files in memory only");
        PageCache cache = calls.get();
        Path file = Files.write(folder.resolve("file"), new byte[SIZE]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
            int all = cache.look(file, SIZE).orElseThrow().pages();
            cache.none(file, SIZE).restore(0, SIZE);
            // The kernel may keep some pages back for a moment, and may take some away at any time.
            assertThat(present(cache, file)).isLessThan(all / 4);

            read(channel, SIZE / 2, SIZE / 2);
            PageCache.Footprint half = cache.look(file, SIZE).orElseThrow();
            assertThat(half.presentPages()).isBetween(all / 4, all - 1);
            read(channel, 0, SIZE);
            assertThat(present(cache, file)).isGreaterThan(half.presentPages() + all / 8);

            half.restore(0, SIZE / 4);
            half.restore(SIZE / 4, SIZE - SIZE / 4);

            assertThat(present(cache, file)).isBetween(half.presentPages() - all / 8, half.presentPages() + all / 8);
        }
    }

    @Test
    void aFileThatIsGoneIsLeftAlone() throws IOException {
        Optional<PageCache> calls = PageCache.available();
        assumeTrue(calls.isPresent(), "mincore and posix_fadvise are not known on this platform");
        Path file = Files.write(folder.resolve("file"), new byte[SIZE]);
        PageCache.Footprint all = calls.get().none(file, SIZE);
        Files.delete(file);
        all.restore(0, SIZE);
        assertThat(calls.get().look(file, SIZE)).isEmpty();
        assertThat(file).doesNotExist();
    }

    private static int present(PageCache cache, Path file) {
        return cache.look(file, SIZE).orElseThrow().presentPages();
    }

    private static void read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && channel.read(target, position + target.position()) >= 0) {
            assertThat(target.capacity()).isEqualTo(length);
        }
    }
}

package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.page.PageChecksum;

class PageInspectorTest {
    private static final int PAGE = PageChecksum.PAGE_BYTES;
    private static final Lsn START = Lsn.parse("1/0");
    private static final Lsn FLUSHED = Lsn.parse("2/0");
    private static final long FIRST_BLOCK = 131072;

    @TempDir
    private Path folder;

    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong readAgain = new AtomicLong();

    /** A page as the server would have written it. */
    static byte[] page(long block, Lsn lsn) {
        byte[] page = new byte[PAGE];
        Arrays.fill(page, 200, 8000, (byte) block);
        ByteBuffer header = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, (int) (lsn.value() >>> 32)).putInt(4, (int) lsn.value());
        header.putShort(12, (short) 24).putShort(14, (short) 8000).putShort(16, (short) PAGE);
        header.putShort(8, (short) PageChecksum.compute(page, 0, (int) block));
        return page;
    }

    private Path file(byte[]... pages) throws IOException {
        Path file = folder.resolve("16384.1");
        ByteBuffer all = ByteBuffer.allocate(pages.length * PAGE);
        Arrays.stream(pages).forEach(all::put);
        return Files.write(file, all.array());
    }

    private List<PageDamage> inspect(Path file, byte[] read) throws IOException {
        PageInspector inspector = new PageInspector(START, wanted -> FLUSHED, checked, readAgain);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return inspector.inspect(PageSource.of(channel), 0, read, read.length, FIRST_BLOCK);
        }
    }

    private static byte[] content(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Test
    void findsNothingInSoundAndInNewPages() throws Exception {
        Path file = file(page(FIRST_BLOCK, START), new byte[PAGE], page(FIRST_BLOCK + 2, Lsn.parse("0/10")));
        assertThat(inspect(file, content(file))).isEmpty();
        assertThat(checked).hasValue(3);
        assertThat(readAgain).hasValue(0);
    }

    @Test
    void namesADamagedPageWithItsLsn() throws Exception {
        byte[] damaged = page(FIRST_BLOCK + 1, Lsn.parse("0/ABCD"));
        damaged[5000] ^= 1;
        Path file = file(page(FIRST_BLOCK, START), damaged);
        assertThat(inspect(file, content(file))).containsExactly(new PageDamage(1, Lsn.parse("0/ABCD")));
        assertThat(readAgain).hasValue(1);
    }

    @Test
    void takesTheSecondReadOfAPageThatWasBeingWritten() throws Exception {
        byte[] whole = page(FIRST_BLOCK, Lsn.parse("0/10"));
        Path file = file(whole);
        byte[] torn = whole.clone();
        torn[6000] = 77;
        assertThat(inspect(file, torn)).isEmpty();
        assertThat(torn).isEqualTo(whole);
    }

    @Test
    void acceptsATornPageThatRecoveryWritesAnew() throws Exception {
        byte[] torn = page(FIRST_BLOCK, Lsn.parse("1/10"));
        torn[7000] ^= 1;
        Path file = file(torn);
        assertThat(inspect(file, content(file))).isEmpty();
    }

    @Test
    void doesNotBelieveAnLsnThatTheServerHasNotReached() throws Exception {
        byte[] damaged = page(FIRST_BLOCK, Lsn.parse("7F/10"));
        damaged[7000] ^= 1;
        Path file = file(damaged);
        assertThat(inspect(file, content(file))).containsExactly(new PageDamage(0, Lsn.parse("7F/10")));
    }

    @Test
    void leavesThePartOfAPageAtTheEndAlone() throws Exception {
        byte[] sound = page(FIRST_BLOCK, START);
        Path file = Files.write(folder.resolve("16384.1"), Arrays.copyOf(sound, PAGE + 1000));
        assertThat(inspect(file, content(file))).isEmpty();
        assertThat(checked).hasValue(1);
    }

    @Test
    void forgetsAWrongPageThatWasTruncatedAway() throws Exception {
        byte[] damaged = page(FIRST_BLOCK + 1, Lsn.parse("0/10"));
        damaged[5000] ^= 1;
        Path file = file(page(FIRST_BLOCK, START), damaged);
        byte[] read = content(file);
        Files.write(file, page(FIRST_BLOCK, START));
        assertThat(inspect(file, read)).isEmpty();
    }
}

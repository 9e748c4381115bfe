package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.manifest.FileAttributes;

class DirectWritesTest {
    private static final int PAGE = 8192;
    private static final int SIZE = (24 << 20) + 3 * PAGE + 77;

    private final Random random = new Random(7);
    private final byte[] content = new byte[SIZE];
    private final Ownership ownership = OwnershipOfTests.ofPostgres15();

    @TempDir
    private Path folder;

    @Test
    void slicesThatBeginAnywhereMakeTheWholeFile() throws IOException, InterruptedException {
        random.nextBytes(content);
        Path place = folder.resolve("file");
        FileTarget file = open(place);
        try (DirectWrites writes = new DirectWrites(2)) {
            int at = 0;
            while (at < SIZE) {
                int end = Math.min(SIZE, at + PAGE * (1 + random.nextInt(900)));
                slice(writes, file, at, end);
                at = end;
            }
            file.partDone();
            writes.finish();
        }
        assertThat(Files.readAllBytes(place)).isEqualTo(content);
    }

    @Test
    void whatIsNotWrittenReadsAsZeros() throws IOException, InterruptedException {
        Path place = folder.resolve("file");
        FileTarget file = open(place);
        random.nextBytes(content);
        try (DirectWrites writes = new DirectWrites(2)) {
            GatheredSlice slice = new GatheredSlice(writes, file);
            for (int at = 0; at + 5 * PAGE < SIZE; at += 50 * PAGE) {
                slice.write(at, ByteBuffer.wrap(content, at, 5 * PAGE));
            }
            slice.end();
            file.partDone();
            writes.finish();
        }
        byte[] wanted = new byte[SIZE];
        for (int at = 0; at + 5 * PAGE < SIZE; at += 50 * PAGE) {
            System.arraycopy(content, at, wanted, at, 5 * PAGE);
        }
        assertThat(Files.readAllBytes(place)).isEqualTo(wanted);
    }

    @Test
    void aWriteThatFailsIsToldToWhoeverComesNext() throws IOException {
        FileTarget file = open(folder.resolve("file"));
        ByteBuffer beyond = ByteBuffer.wrap(content, 0, PAGE);
        try (DirectWrites writes = new DirectWrites(1)) {
            assertThatThrownBy(() -> {
                        GatheredSlice slice = new GatheredSlice(writes, file);
                        slice.write(1L << 60, beyond);
                        slice.end();
                        writes.finish();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("File too large");
            assertThatThrownBy(writes::take).hasMessageContaining("File too large");
        }
    }

    @Test
    void aFileThatWasGivenUpHidesNoOtherFailure() throws IOException, InterruptedException {
        FileTarget file = open(folder.resolve("file"));
        try (DirectWrites writes = new DirectWrites(1)) {
            GatheredSlice slice = new GatheredSlice(writes, file);
            slice.write(0, ByteBuffer.wrap(content, 0, PAGE));
            file.abandon();
            slice.end();
            writes.finish();
        }
        assertThatThrownBy(() -> file.writeDirectly(0, ByteBuffer.wrap(content, 0, PAGE)))
                .isInstanceOf(ClosedChannelException.class);
    }

    private void slice(DirectWrites writes, FileTarget file, int from, int to) throws IOException {
        file.addPart();
        GatheredSlice slice = new GatheredSlice(writes, file);
        for (int at = from; at < to; at += 31 * PAGE) {
            slice.write(at, ByteBuffer.wrap(content, at, Math.min(31 * PAGE, to - at)));
        }
        slice.end();
        file.partDone();
    }

    private FileTarget open(Path place) throws IOException {
        return FileTarget.open(place, SIZE, attributes(), ownership, false);
    }

    private static FileAttributes attributes() {
        return new FileAttributes(0600, 0, 0, Instant.EPOCH);
    }
}

package org.pgark.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int SIZE = 9 * ReadAhead.BLOCK + 12_345;

    private final byte[] content = new byte[SIZE];
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean broken;

    ReadAheadTest() {
        new Random(1).nextBytes(content);
    }

    private final ReadAhead.Source source = new ReadAhead.Source() {
        @Override
        public long size(String key) {
            return SIZE;
        }

        @Override
        public void read(String key, long offset, ByteBuffer target) throws IOException {
            reads.incrementAndGet();
            bytes.addAndGet(target.remaining());
            if (broken) {
                throw new IOException("broken");
            }
            target.put(content, (int) offset, target.remaining());
        }
    };

    private void assertReads(ReadAhead ahead, int offset, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length + 7).position(7);
        if (!ahead.read("key", offset, target)) {
            source.read("key", offset, target);
        }
        assertThat(target.hasRemaining()).isFalse();
        assertThat(Arrays.equals(target.array(), 7, length + 7, content, offset, offset + length))
                .isTrue();
    }

    @Test
    void readsOneBehindTheOtherTakeFewRequests() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ReadAhead ahead = new ReadAhead(source, threads);
            int length = 50_000;
            for (int at = 0; at + length <= SIZE; at += length + 100) {
                assertReads(ahead, at, length);
            }
            assertReads(ahead, SIZE - 10, 10);
        }
        assertThat(reads.get()).isEqualTo(11);
        assertThat(bytes.get()).isEqualTo(SIZE + 50_000);
    }

    @Test
    void readsHereAndThereFetchNothingInVain() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ReadAhead ahead = new ReadAhead(source, threads);
            for (int block = 8; block >= 0; block -= 2) {
                assertReads(ahead, block * ReadAhead.BLOCK, 1000);
            }
            assertReads(ahead, 0, ReadAhead.BLOCK + 1);
        }
        assertThat(bytes.get()).isEqualTo(5 * 1000 + ReadAhead.BLOCK + 1);
    }

    @Test
    void servesManyThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService readers = Executors.newFixedThreadPool(4)) {
            ReadAhead ahead = new ReadAhead(source, threads);
            List<Callable<Boolean>> tasks = IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(seed -> () -> {
                        Random random = new Random(seed);
                        for (int i = 0; i < 300; i++) {
                            int length = 1 + random.nextInt(300_000);
                            assertReads(ahead, random.nextInt(SIZE - length), length);
                        }
                        return true;
                    })
                    .toList();
            for (Future<Boolean> task : readers.invokeAll(tasks)) {
                assertThat(task.get()).isTrue();
            }
        }
    }

    @Test
    void whatCouldNotBeFetchedIsAskedForAgain() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ReadAhead ahead = new ReadAhead(source, threads);
            assertReads(ahead, 0, 10);
            broken = true;
            assertThatThrownBy(() -> assertReads(ahead, 10, 10))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken");
            broken = false;
            assertReads(ahead, 10, 10);
        }
    }

    @Test
    void keepsNothingOfWhatIsDeleted() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ReadAhead ahead = new ReadAhead(source, threads);
            assertReads(ahead, 0, 10);
            assertReads(ahead, 10, 10);
            ahead.forget("key");
            assertThat(ahead.read("key", 20, ByteBuffer.allocate(10))).isFalse();
        }
    }
}

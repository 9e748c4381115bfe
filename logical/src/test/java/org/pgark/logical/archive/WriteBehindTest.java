package org.pgark.logical.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WriteBehindTest {
    /** Notes what it gets, from which threads, and whether it was closed. */
    private static class Target extends OutputStream {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final Set<Thread> threads = new HashSet<>();
        boolean closed;

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            threads.add(Thread.currentThread());
            bytes.write(source, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Takes a first piece, then fails. */
    private static final class FullTarget extends Target {
        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (bytes.size() > 0) {
                throw new ArchiveException("no space left");
            }
            super.write(source, offset, length);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 128 << 10, (128 << 10) + 1, 3_000_000})
    void bringsAllBytesInOrder(int length) throws Exception {
        byte[] bytes = random(length);
        try (WriteBehind behind = new WriteBehind()) {
            for (int round = 0; round < 2; round++) {
                Target target = new Target();
                try (OutputStream out = behind.before(target)) {
                    int at = 0;
                    for (int piece = 1; at < length; piece = piece * 3 % 200_000 + 1) {
                        int count = Math.min(piece, length - at);
                        out.write(bytes, at, count);
                        at += count;
                    }
                }
                assertThat(target.bytes.toByteArray()).isEqualTo(bytes);
                assertThat(target.closed).isTrue();
            }
        }
    }

    @Test
    void writesMuchOnAnotherThreadAndLittleOnItsOwn() throws Exception {
        Target small = new Target();
        Target large = new Target();
        try (WriteBehind behind = new WriteBehind()) {
            try (OutputStream out = behind.before(small)) {
                out.write(random(1000));
            }
            try (OutputStream out = behind.before(large)) {
                out.write(random(1_000_000));
            }
        }
        assertThat(small.threads).containsExactly(Thread.currentThread());
        assertThat(large.threads).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @Test
    void tellsAFailureOfTheOtherThreadOnce() throws Exception {
        FullTarget target = new FullTarget();
        try (WriteBehind behind = new WriteBehind()) {
            assertThatThrownBy(() -> {
                        try (OutputStream out = behind.before(target)) {
                            while (true) {
                                out.write(random(100_000));
                            }
                        }
                    })
                    .isExactlyInstanceOf(ArchiveException.class)
                    .hasMessage("no space left");
        }
    }

    @Test
    void tellsAFailureAtTheEnd() throws Exception {
        FullTarget target = new FullTarget();
        try (WriteBehind behind = new WriteBehind()) {
            OutputStream out = behind.before(target);
            out.write(random(200_000));
            assertThatThrownBy(out::close).isExactlyInstanceOf(ArchiveException.class);
            assertThat(target.closed).isFalse();
        }
    }

    @Test
    void leavesATargetOpenThatWasNotClosed() throws Exception {
        Target target = new Target();
        try (WriteBehind behind = new WriteBehind()) {
            behind.before(target).write(random(300_000));
        }
        assertThat(target.bytes.size()).isPositive();
        assertThat(target.closed).isFalse();
    }
}

package org.pgark.repository.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectName;

class NameLocksTest {
    private static final ObjectName NAME = new ObjectName("log/1");

    @TempDir
    private Path folder;

    /** Another process that locks all names until its input ends. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] words) throws IOException {
            try (FileChannel file =
                    FileChannel.open(Path.of(words[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.lock();
                System.out.write('h');
                System.out.flush();
                System.in.read();
            }
        }
    }

    @Test
    void whoIsInterruptedWhileAnotherProcessHoldsANameLeavesTheLocksAsTheyWere() throws Exception {
        Path file = folder.resolve("locks");
        NameLocks locks = NameLocks.in(file);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('h');
            FutureTask<Boolean> waiting = new FutureTask<>(() -> {
                try {
                    locks.hold(NAME, () -> {
                        throw new AssertionError("two hold one name");
                    });
                    return false;
                } catch (InterruptedIOException e) {
                    return Thread.currentThread().isInterrupted();
                }
            });
            Thread waiter = Thread.ofPlatform().start(waiting);
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                assertThat(waiting.isDone()).isFalse();
                Thread.onSpinWait();
            }
            waiter.interrupt();
            assertThat(waiting.get()).isTrue();

            other.getOutputStream().close();
            AtomicBoolean held = new AtomicBoolean();
            locks.hold(NAME, () -> held.set(true));
            assertThat(held).isTrue();
            assertThat(NameLocks.in(file)).isSameAs(locks);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }
}

package org.pgark.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets Ctrl-C and SIGTERM interrupt the thread that works, and holds the end of the process back until it has put away
 * what was half done and has said so. The process ends with the exit code of the command then: an interrupt that came too
 * late does not make a finished backup look unfinished.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final CompletableFuture<Integer> EXIT_CODE = new CompletableFuture<>();
    private static volatile boolean happened;

    private final Thread worker;
    private final Thread hook;
    private volatile boolean over;

    private Interruption(Thread worker) {
        this.worker = worker;
        this.hook = new Thread(this::interruptAndWait, "interruption");
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Whether work was interrupted, so that whatever failed then failed for that reason. */
    static boolean happened() {
        return happened;
    }

    /** The command has ended and has said all that it has to say. */
    static void end(int exitCode) {
        EXIT_CODE.complete(exitCode);
    }

    private void interruptAndWait() {
        if (!over) {
            happened = true;
            worker.interrupt();
        }
        try {
            Runtime.getRuntime().halt(EXIT_CODE.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Then the process ends as the signal wants it, whatever its work is doing.
            return;
        }
    }

    /** The work is done; what comes now is only printing. */
    void tooLate() {
        over = true;
    }

    @Override
    public void close() {
        over = true;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return;
        }
    }
}

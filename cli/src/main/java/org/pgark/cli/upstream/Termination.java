package org.pgark.cli.upstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What Ctrl-C and SIGTERM do to a program: what it asked for is done, the thread that works is interrupted, and the process
 * ends when that thread has put away what was half done, with the exit code that it gives.
 */
public final class Termination {
    private static final long PATIENCE_SECONDS = 20;

    /** An action that waits for the program's end. */
    public interface Registration extends AutoCloseable {
        /** Forgets the action. */
        @Override
        void close();
    }

    private final Thread worker;
    private final Runnable notice;
    private final Thread hook = new Thread(this::end, "termination");
    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private boolean watching;
    private volatile boolean happened;

    /** @param notice what is done first of all */
    Termination(Thread worker, Runnable notice) {
        this.worker = worker;
        this.notice = notice;
    }

    /** Begins to listen, unless it does already. */
    void watch() {
        if (!watching) {
            watching = true;
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    boolean happened() {
        return happened;
    }

    Registration add(Runnable action) {
        synchronized (actions) {
            actions.addFirst(action);
        }
        return () -> {
            synchronized (actions) {
                actions.removeFirstOccurrence(action);
            }
        };
    }

    /** The program has said all that it has to say. */
    void over(int code) {
        exitCode.complete(code);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook now knows with which code.
            return;
        }
    }

    private void end() {
        if (!exitCode.isDone()) {
            happened = true;
            notice.run();
            runActions();
            worker.interrupt();
        }
        try {
            Runtime.getRuntime().halt(exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Then the process ends as the signal wants it, whatever its work is doing.
            return;
        }
    }

    private void runActions() {
        List<Runnable> waiting;
        synchronized (actions) {
            waiting = List.copyOf(actions);
        }
        for (Runnable action : waiting) {
            try {
                action.run();
            } catch (RuntimeException e) {
                // The others must be done all the same, and there is nobody left to hear of it.
                assert e != null;
            }
        }
    }
}

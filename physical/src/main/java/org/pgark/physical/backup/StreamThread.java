package org.pgark.physical.backup;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pgark.physical.failure.OperationException;

/** Does what waits for a server on a thread of its own, so that an interrupt can end it. */
final class StreamThread {
    private StreamThread() {}

    /** What ends when the connection does. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, OperationException, InterruptedException;
    }

    /** An interrupt ends the connection, since nothing else ends the reading from it. */
    static void run(StreamConnection server, Work work) throws IOException, OperationException, InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        Thread thread = Thread.ofPlatform().name("backup-stream").daemon().start(task);
        try {
            task.get();
        } catch (InterruptedException e) {
            server.abort();
            thread.interrupt();
            join(thread);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ReceivingException stopped -> throw stopped.unwrapped();
                case OperationException refused -> throw refused;
                case null, default -> throw PackingCrew.reason(e);
            }
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.pgark.cli;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgark.cli.output.Output;

/**
 * A question that somebody elsewhere may never answer, asked by a thread of its own, which ends with the process at the
 * latest.
 */
final class Inquiry<T> {
    private final String who;
    private final FutureTask<T> task;

    private Inquiry(String who, FutureTask<T> task) {
        this.who = who;
        this.task = task;
    }

    /** @param who is asked, for messages */
    static <T> Inquiry<T> begin(String who, Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        Thread.ofPlatform().daemon().name("inquiry of " + who).start(task);
        return new Inquiry<>(who, task);
    }

    /**
     * The answer; empty, with a warning, if there is none.
     *
     * @param end until when to wait, as {@link System#nanoTime} has it
     */
    Optional<T> answer(long end, Output output) throws InterruptedException {
        try {
            return Optional.of(task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            task.cancel(true);
            output.warning(who + " did not answer in time");
        } catch (ExecutionException e) {
            output.warning(who + " could not be asked: " + words(Objects.requireNonNullElse(e.getCause(), e)));
        }
        return Optional.empty();
    }

    private static String words(Throwable failure) {
        return failure instanceof RuntimeException || failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage();
    }
}

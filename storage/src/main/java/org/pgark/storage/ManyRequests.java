package org.pgark.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/** Makes many small requests of a store, several at the same time where each has to go to a service and back. */
public final class ManyRequests {
    private final int together;
    private final boolean givesUp;

    private ManyRequests(int together, boolean givesUp) {
        this.together = together;
        this.givesUp = givesUp;
    }

    /** So many at the same time, one after the other if the store is near; the first failure ends the others. */
    public static ManyRequests of(ObjectStore store, int together) {
        return new ManyRequests(store.isDistant() ? together : 1, true);
    }

    /** So many at the same time; all that can be made are made, whichever fails. */
    public static ManyRequests allThatCanBe(int together) {
        return new ManyRequests(together, false);
    }

    /**
     * Makes them.
     *
     * @return the answers in the order of the requests
     * @throws IOException the failure of the first one in that order that failed
     */
    public <T> List<T> make(List<Callable<T>> requests) throws IOException {
        return together == 1 && givesUp ? makeHere(requests) : makeTogether(requests);
    }

    private static <T> List<T> makeHere(List<Callable<T>> requests) throws IOException {
        List<T> given = new ArrayList<>();
        for (Callable<T> request : requests) {
            try {
                given.add(request.call());
            } catch (Exception e) {
                throw failure(e);
            }
        }
        return given;
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof IOException failure) {
            return failure;
        }
        throw new IllegalStateException("a request could not be made", cause);
    }

    private <T> List<T> makeTogether(List<Callable<T>> requests) throws IOException {
        ThreadFactory named =
                Thread.ofPlatform().daemon().name("pgark-requests-", 0).factory();
        try (ExecutorService threads = Executors.newFixedThreadPool(together, named)) {
            List<Future<T>> answers = requests.stream().map(threads::submit).toList();
            try {
                List<T> given = new ArrayList<>();
                for (Future<T> answer : answers) {
                    given.add(answer.get());
                }
                return given;
            } catch (ExecutionException e) {
                if (givesUp) {
                    threads.shutdownNow();
                }
                throw failure(Objects.requireNonNullElse(e.getCause(), e));
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            }
        }
    }
}

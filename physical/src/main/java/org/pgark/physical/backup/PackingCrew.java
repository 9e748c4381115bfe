package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.pgark.physical.failure.FailedException;
import org.pgark.repository.pack.PackSummary;

/** The workers: a fixed number of threads, each with a pack of its own. Used by one thread. */
final class PackingCrew implements AutoCloseable {
    private final List<Packer> packers = new ArrayList<>();
    private final List<FutureTask<List<PackSummary>>> commits = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** What is empty sends a worker home. */
    private final BlockingQueue<Optional<Order>> orders = new LinkedBlockingQueue<>();

    private final AtomicBoolean cancelled = new AtomicBoolean();

    /**
     * @param tools makes one worker's tools, which the crew closes; given what tells that the backup is given up
     */
    PackingCrew(int size, Function<AtomicBoolean, Packer> tools) {
        for (int number = 1; number <= size; number++) {
            Packer packer = tools.apply(cancelled);
            packers.add(packer);
            threads.add(Thread.ofPlatform().name("backup-" + number).daemon().start(() -> work(packer)));
        }
    }

    private void work(Packer packer) {
        try {
            for (Optional<Order> order = orders.take(); order.isPresent(); order = orders.take()) {
                order.get().carryOut(packer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives a task to whoever is free next. */
    Future<List<PackedPart>> submit(PackingTask task) {
        Order order = new Order(task, new CompletableFuture<>());
        orders.add(Optional.of(order));
        return order.result;
    }

    /** Begins to make everything durable that was packed, all tasks being done. */
    void beginCommit() {
        for (Packer packer : packers) {
            FutureTask<List<PackSummary>> commit = new FutureTask<>(() -> {
                packer.packs().commit();
                return packer.packs().packs();
            });
            commits.add(commit);
            threads.add(Thread.ofPlatform().name("backup-commit").daemon().start(commit));
        }
    }

    /** Makes everything durable that was packed, unless that was begun already, and tells which packs that is. */
    List<PackSummary> commit() throws IOException, FailedException, InterruptedException {
        if (commits.isEmpty()) {
            beginCommit();
        }
        List<PackSummary> packs = new ArrayList<>();
        for (FutureTask<List<PackSummary>> commit : commits) {
            packs.addAll(result(commit));
        }
        return packs;
    }

    /** The result of a worker's doing, or why it failed. */
    static <T> T result(Future<T> future) throws IOException, FailedException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw reason(e);
        }
    }

    /** Throws what a worker's failure is to whoever waited for it. */
    static IllegalStateException reason(ExecutionException failure)
            throws IOException, FailedException, InterruptedException {
        switch (failure.getCause()) {
            case IOException e -> throw e;
            case FailedException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> throw new IllegalStateException(failure);
        }
    }

    /** Ends the workers at their next frame, and gives up what is not committed. */
    @Override
    public void close() throws IOException {
        cancelled.set(true);
        orders.clear();
        threads.forEach(thread -> orders.add(Optional.empty()));
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        closePackers();
    }

    private void closePackers() throws IOException {
        Optional<IOException> failure = Optional.empty();
        for (Packer packer : packers) {
            try {
                packer.close();
            } catch (IOException e) {
                failure = failure.or(() -> Optional.of(e));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** A task and the place where its result appears. */
    private record Order(PackingTask task, CompletableFuture<List<PackedPart>> result) {
        void carryOut(Packer packer) {
            try {
                result.complete(task.pack(packer));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }
    }
}

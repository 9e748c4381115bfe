package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.RepositoryOpener;
import org.pgark.repository.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to one of several repositories: threads of its own, so that a slow one holds up no other. For several threads. */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** So many files wait for a repository, in memory, before the others go on without it. */
    private static final int MOST_WAITING = 4;

    private final String name;
    private final ArchiveAccess access;
    private volatile RepositoryOpener opener;
    private final LongSupplier nanos;
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final ExecutorService threads;
    private Optional<OperationException> failure = Optional.empty();
    private long failedAt;
    private Duration pause = FIRST_PAUSE;
    private long faults;
    private boolean behind = true;
    private long agreedAt = -1;

    Lane(String cluster, ArchivePlaces.Place place, int jobs, InstantSource clock, LongSupplier nanos) {
        this.name = place.name();
        this.opener = place.opener();
        this.access = new ArchiveAccess(cluster, new Current(), clock);
        this.nanos = nanos;
        this.threads = Executors.newFixedThreadPool(jobs, work -> {
            Thread thread = new Thread(work, "repository-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Opens the repository as it is configured now. */
    private final class Current implements RepositoryOpener {
        @Override
        public Repository open() throws IOException {
            return opener.open();
        }

        @Override
        public Optional<Path> configuration() {
            return opener.configuration();
        }

        @Override
        public Optional<Path> receiverDirectory() {
            return opener.receiverDirectory();
        }
    }

    /** From now on it is opened in this way. */
    void openedBy(RepositoryOpener now) {
        opener = now;
    }

    String name() {
        return name;
    }

    ArchiveAccess access() {
        return access;
    }

    /**
     * Does work later.
     *
     * @param patience how long to wait until there is room for it
     * @return whether it will be done; false if too much is waiting already
     */
    boolean execute(Runnable work, Duration patience) throws InterruptedException {
        if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            missed();
            return false;
        }
        threads.execute(() -> {
            try {
                work.run();
            } finally {
                room.release();
            }
        });
        return true;
    }

    /** Why it failed lately, while it is left alone for that; empty if it may be tried. */
    synchronized Optional<OperationException> away() {
        return failure.filter(_ -> nanos.getAsLong() - failedAt < pause.toNanos());
    }

    /** It did not do what was asked of it. */
    synchronized void failed(OperationException why) {
        faults++;
        behind = true;
        if (failure.isEmpty()) {
            LOG.warn(
                    "repository \"{}\" is left behind: {}{}",
                    name,
                    why.getMessage(),
                    why.hint().map(hint -> " (" + hint + ")").orElse(""));
            pause = FIRST_PAUSE;
        } else if (away().isEmpty()) {
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        }
        failure = Optional.of(why);
        failedAt = nanos.getAsLong();
    }

    /** It did what was asked of it. */
    synchronized void answered() {
        if (failure.isPresent()) {
            LOG.info("repository \"{}\" is back", name);
            failure = Optional.empty();
        }
    }

    /** Something was not even sent there. */
    synchronized void missed() {
        faults++;
        behind = true;
    }

    /** Whether it may lack something that another one has; true until it was compared. */
    synchronized boolean isBehind() {
        return behind;
    }

    /** Whether its newest WAL is known to be that of the others, since it was left behind for the last time. */
    synchronized boolean isAgreed() {
        return agreedAt == faults;
    }

    /** Its newest WAL was that of the others when it had been left behind so often. */
    synchronized void agreed(long asOf) {
        agreedAt = asOf;
    }

    /** How often it was left behind; tells {@link #caughtUp} what a comparison can know. */
    synchronized long faults() {
        return faults;
    }

    /** It had everything when it had been left behind so often. */
    synchronized void caughtUp(long asOf) {
        behind = faults != asOf;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            boolean _ = threads.awaitTermination(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        access.close();
    }
}

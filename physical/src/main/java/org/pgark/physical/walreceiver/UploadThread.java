package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.repository.ClusterRepository;

/** Uploads beside the stream: at once when a segment is complete, and every so often what there is of the next. */
final class UploadThread implements AutoCloseable {
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final WalReceiverRequest request;
    private final Uploader uploader;
    private final ReceiverListener listener;
    private final Thread thread;
    private Optional<Uploader.Received> received = Optional.empty();
    private final DurableEnd durable = new DurableEnd();
    private boolean segmentFinished;
    private boolean ending;

    private UploadThread(WalReceiverRequest request, Uploader uploader, ReceiverListener listener) {
        this.request = request;
        this.uploader = uploader;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("pgark-upload").daemon().unstarted(this::work);
    }

    static UploadThread started(
            WalReceiverRequest request,
            ReceiverDirectory directory,
            ClusterRepository repository,
            ReceiverListener listener) {
        UploadThread made = new UploadThread(request, new Uploader(directory, repository, listener), listener);
        made.thread.start();
        return made;
    }

    /** Is told how far the stream is. */
    synchronized void received(Uploader.Received now) {
        if (received.isEmpty() || !received.get().equals(now)) {
            received = Optional.of(now);
            if (request.flush() == FlushMode.REPOSITORY) {
                notifyAll();
            }
        }
    }

    synchronized void segmentFinished() {
        segmentFinished = true;
        notifyAll();
    }

    /** Up to where a timeline's WAL is durable in the repository; zero if that is not known yet. */
    Lsn durable(Timeline timeline, Lsn flushed) {
        return durable.of(timeline, flushed);
    }

    private void work() {
        Duration retry = FIRST_RETRY;
        boolean more = true;
        while (more) {
            Optional<Uploader.Received> now;
            synchronized (this) {
                segmentFinished = false;
                more = !ending;
                // At the end all that the files have is taken: nothing is written to them any more.
                now = more ? received : Optional.empty();
            }
            Optional<Uploader.Received> round = now;
            try {
                uploader.upload(round, end -> round.ifPresent(live -> durable.reaches(live.timeline(), end)));
                uploader.prune();
                uploader.joinPieces();
                retry = FIRST_RETRY;
                more = more && await(request.saveInterval(), now);
            } catch (IOException | RuntimeException e) {
                listener.warning("WAL cannot be brought into the repository: " + e.getMessage() + "; trying again");
                more = more && pause(retry);
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
            }
        }
    }

    /** Waits for something to do; after the thread is to end, one more round is made. */
    private synchronized boolean await(Duration interval, Optional<Uploader.Received> done) {
        long deadline = System.nanoTime() + interval.toNanos();
        boolean atOnce = request.flush() == FlushMode.REPOSITORY;
        try {
            while (!ending && !segmentFinished && !(atOnce && !received.equals(done))) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return true;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            return false;
        }
        return true;
    }

    private synchronized boolean pause(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toMillis(); left > 0 && !ending; left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            return false;
        }
        return true;
    }

    /** Brings over what is left, as far as the repository takes it, and ends. */
    void finish() throws InterruptedException {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        thread.join();
    }

    @Override
    public void close() {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        boolean waiting = true;
        while (waiting) {
            try {
                thread.join();
                waiting = false;
            } catch (InterruptedException e) {
                thread.interrupt();
            }
        }
    }
}

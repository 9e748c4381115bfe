package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Uploads to one repository beside the stream: at once when a segment is complete, and every so often what there is of the
 * next.
 */
final class UploadThread implements AutoCloseable {
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final WalReceiverRequest request;
    private final ReceiverDirectory directory;
    private final ReceiverPlaces.Place place;
    private final String words;
    private final ReceiverListener listener;
    private final AfterRound afterRound;
    private final Thread thread;
    private volatile Optional<Uploader> uploader = Optional.empty();
    private volatile boolean away;
    private Optional<Uploader.Received> received = Optional.empty();
    private final DurableEnd durable = new DurableEnd();
    private boolean segmentFinished;
    private boolean ending;

    /** What is done when the repository has all that there was. */
    interface AfterRound {
        void run() throws IOException;
    }

    /**
     * Does nothing before it is started.
     *
     * @param words what the repository is called in messages
     */
    UploadThread(
            WalReceiverRequest request,
            ReceiverDirectory directory,
            ReceiverPlaces.Place place,
            String words,
            ReceiverListener listener,
            AfterRound afterRound) {
        this.request = request;
        this.directory = directory;
        this.place = place;
        this.words = words;
        this.listener = listener;
        this.afterRound = afterRound;
        this.thread = Thread.ofPlatform()
                .name("pgark-upload-" + place.name())
                .daemon()
                .unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    String name() {
        return place.name();
    }

    /** Whether the repository failed in the last round. */
    boolean isAway() {
        return away;
    }

    /** Whether this has archived a segment, which is still in the directory. */
    boolean has(WalSegmentName segment) {
        return uploader.isPresent() && uploader.get().has(segment);
    }

    /** These segments are in the directory, and no others. */
    void forgetAllBut(Collection<WalSegmentName> segments) {
        uploader.ifPresent(one -> one.forgetAllBut(segments));
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
                Uploader opened = opened();
                opened.upload(round, end -> round.ifPresent(live -> durable.reaches(live.timeline(), end)));
                away = false;
                afterRound.run();
                opened.joinPieces();
                retry = FIRST_RETRY;
                more = more && await(request.saveInterval(), now);
            } catch (IOException | OperationException | RuntimeException e) {
                away = true;
                listener.warning("WAL cannot be brought into " + words + ": " + e.getMessage() + "; trying again");
                more = more && pause(retry);
                retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
            }
        }
    }

    private Uploader opened() throws IOException, OperationException {
        if (uploader.isEmpty()) {
            uploader = Optional.of(new Uploader(directory, place.opening().open(), listener));
        }
        return uploader.orElseThrow();
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

    /** Brings over what is left, as far as the repository takes it, and ends; {@link #finish} waits for that. */
    synchronized void end() {
        ending = true;
        notifyAll();
    }

    void finish() throws InterruptedException {
        end();
        thread.join();
    }

    @Override
    public void close() {
        end();
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

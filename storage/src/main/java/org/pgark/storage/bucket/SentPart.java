package org.pgark.storage.bucket;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A part that is being sent by a thread of its own. */
final class SentPart {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Future<?> result;
    private volatile @Nullable Thread sender;
    private volatile boolean givenUp;

    private SentPart(Transfers transfers, InFlight.Permit permit, PartUpload upload, int number, PartBytes content) {
        result = transfers.threads().submit(() -> {
            sender = Thread.currentThread();
            try (permit) {
                if (!givenUp) {
                    send(transfers, permit, upload, number, content);
                }
            } finally {
                ended.countDown();
            }
            return number;
        });
    }

    /** @param permit given back when the part is sent or given up */
    static SentPart begin(
            Transfers transfers, InFlight.Permit permit, PartUpload upload, int number, PartBytes content) {
        return new SentPart(transfers, permit, upload, number, content);
    }

    private static void send(
            Transfers transfers, InFlight.Permit permit, PartUpload upload, int number, PartBytes content)
            throws IOException, InterruptedException {
        transfers.up().await(content.length());
        boolean _ = permit.transfer(() -> {
            upload.send(number, content);
            return true;
        });
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Waits until it is sent. */
    void await() throws ExecutionException, InterruptedException {
        result.get();
    }

    /** Interrupts the sending, if it is under way. */
    void giveUp() {
        givenUp = true;
        Thread thread = sender;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits until nothing is sent any more, for some seconds at the most; the service may still see to what came. */
    void awaitEnd() throws InterruptedException {
        boolean _ = ended.await(5, TimeUnit.SECONDS);
    }
}

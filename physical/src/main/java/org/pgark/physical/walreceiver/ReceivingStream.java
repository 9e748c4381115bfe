package org.pgark.physical.walreceiver;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.pgark.physical.receive.WalStreamListener;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/** Listens to one stream: passes on how far it is, says what may be told to the server, watches the slot. */
final class ReceivingStream implements WalStreamListener {
    private static final long NANOS_BETWEEN_WARNINGS = Duration.ofMinutes(1).toNanos();

    private final WalReceiverRequest request;
    private final Uploads uploads;
    private final ReceiverListener listener;
    private final BooleanSupplier stopping;
    private int previousTimeline;
    private long warned = System.nanoTime() - NANOS_BETWEEN_WARNINGS;
    private final SlotBacklog backlog;

    ReceivingStream(
            WalReceiverRequest request,
            Uploads uploads,
            SlotBacklog backlog,
            ReceiverListener listener,
            BooleanSupplier stopping) {
        this.request = request;
        this.uploads = uploads;
        this.listener = listener;
        this.stopping = stopping;
        this.backlog = backlog;
    }

    @Override
    public boolean reached(Lsn position, int timeline, boolean segmentFinished) {
        if (previousTimeline != 0 && previousTimeline != timeline) {
            listener.info("the server went on to timeline " + Integer.toUnsignedString(timeline));
        }
        previousTimeline = timeline;
        if (segmentFinished) {
            uploads.segmentFinished();
        }
        boolean atEnd =
                request.end().isPresent() && !position.isBefore(request.end().get());
        return atEnd || backlog.isHopeless() || stopping.getAsBoolean();
    }

    @Override
    public void info(String line) {
        // What a stream leaves unfinished goes on later.
    }

    @Override
    public Lsn reportable(Lsn flushed, int timeline) {
        Timeline current = new Timeline(timeline);
        uploads.received(new Uploader.Received(current, flushed));
        Lsn safe = request.flush() == FlushMode.DIRECTORY ? flushed : uploads.durable(current, flushed);
        backlog.confirms(safe);
        return safe;
    }

    @Override
    public void serverEnd(Lsn end) {
        if (request.slot().isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long kept = backlog.look(end, now);
        SlotPolicy policy = request.policy();
        if (policy.warnBytes() > 0 && kept > policy.warnBytes() && now - warned >= NANOS_BETWEEN_WARNINGS) {
            warned = now;
            listener.warning("replication slot \"" + request.slot().get() + "\" makes the server keep " + (kept >> 20)
                    + " MiB of WAL that is not confirmed yet");
        }
    }
}

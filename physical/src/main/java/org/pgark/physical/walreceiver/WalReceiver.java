package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.NoSuchSlotException;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.ReplicationRefusal;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.receive.WalStream;
import org.pgark.physical.receive.WalStreamRequest;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.repository.Incarnation;

/**
 * Receives a cluster's WAL for as long as it is let, over broken connections, restarts and promotions of the server. As a
 * synchronous standby it loses nothing that was committed: the server is told that WAL is flushed only when it is durable
 * in the directory, or in the repository if so asked. {@link #run} is for one thread, {@link #stop} for any.
 */
public final class WalReceiver {
    private static final String WAL_REMOVED = "58P01";
    private static final String NO_SUCH_SLOT = "42704";
    private static final String SLOT_INVALIDATED = "55000";
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(5);

    private final WalReceiverRequest request;
    private final ReceiverPlaces places;
    private final Incarnation incarnation;
    private final ServerAccess access;
    private final ReceiverListener listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Complaints complaints;
    private final SlotBacklog backlog;

    /** Opens connections for replication to the server. */
    public interface ServerAccess {
        /** A new connection, which the caller closes. */
        WireConnection open() throws IOException;
    }

    /** A receiver that has not begun. */
    public WalReceiver(
            WalReceiverRequest request, ReceiverPlaces places, ServerAccess access, ReceiverListener listener) {
        this.request = request;
        this.places = places;
        this.incarnation = places.incarnation();
        this.access = access;
        this.listener = listener;
        this.complaints = new Complaints(listener);
        this.backlog = new SlotBacklog(request.policy());
    }

    /** Lets {@link #run} save what is there and end. */
    public void stop() {
        stopping.countDown();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /**
     * Receives until it is stopped or has reached the end that was asked for.
     *
     * @throws OperationException if going on would make no sense or do harm; a server that is away is waited for
     */
    public void run() throws IOException, OperationException, InterruptedException {
        try (ReceiverDirectory directory = ReceiverDirectory.taken(request.directory(), incarnation);
                Uploads uploads = Uploads.started(request, directory, places, listener)) {
            boolean more = true;
            while (more) {
                more = attempt(directory, uploads);
                if (more && stopping.await(request.reconnect().toMillis(), TimeUnit.MILLISECONDS)) {
                    more = false;
                }
            }
            uploads.finish();
        }
    }

    /** One connection; false when there is nothing more to do. */
    private boolean attempt(ReceiverDirectory directory, Uploads uploads) throws IOException, OperationException {
        try (WireConnection connection = access.open()) {
            ReplicationSession session = new ReplicationSession(connection);
            // A stream that fails each time, for want of room for example, does not come to drop it.
            if (!isHopelessStill(session)) {
                receive(session, directory, new ReceivingStream(request, uploads, backlog, listener, this::isStopping));
            }
            if (backlog.isHopeless()) {
                throw dropped(session);
            }
            return false;
        } catch (IOException e) {
            giveUpOn(e);
            complaints.add(e, isStopping());
            return !isStopping();
        }
    }

    /** Looked at once more, at the server that this is, before anything is dropped. */
    private boolean isHopelessStill(ReplicationSession session) throws IOException, RefusedException {
        if (!backlog.isHopeless()) {
            return false;
        }
        backlog.look(identified(session).position(), System.nanoTime());
        return backlog.isHopeless();
    }

    private ReplicationSession.SystemIdentity identified(ReplicationSession session)
            throws IOException, RefusedException {
        ReplicationSession.SystemIdentity system = session.identifySystem();
        String expected = incarnation.systemIdentifier().toString();
        if (!system.identifier().equals(expected)) {
            throw new RefusedException(
                    "other_system",
                    "the server has system identifier " + system.identifier() + ", but cluster \"" + incarnation.name()
                            + "\" is registered with " + expected,
                    "Check the connection; a cluster that was initialised anew is registered by \"pgark init\".");
        }
        return system;
    }

    private FailedException dropped(ReplicationSession session) throws IOException {
        String slot = request.slot().orElseThrow();
        session.dropSlot(slot);
        return new FailedException(
                "slot_dropped",
                "replication slot \"" + slot + "\" kept more WAL than the limit, did not catch up, and was dropped",
                "WAL that the server removes from now on is lost to this receiver. Start it again with"
                        + " --create-slot, and take a backup.");
    }

    private void receive(ReplicationSession session, ReceiverDirectory directory, ReceivingStream stream)
            throws IOException, OperationException {
        ReplicationSession.SystemIdentity system = identified(session);
        int segmentSize = session.walSegmentSize();
        if (segmentSize != incarnation.segmentSize().bytes()) {
            throw new RefusedException(
                    "other_segment_size",
                    "the server's WAL segments have " + segmentSize + " bytes, registered are "
                            + incarnation.segmentSize().bytes(),
                    "");
        }
        if (request.createsSlot()) {
            session.createSlot(request.slot().orElseThrow(), false, true, true);
            warnOfUnlimitedSlots(session);
        }
        Timeline serverTimeline = new Timeline(system.timeline());
        TimelineHistory history = history(session, directory, serverTimeline);
        ResumePoint start = start(session, directory, history, system, segmentSize);
        start.abandoned().ifPresent(listener::warning);
        if (start.timeline().equals(serverTimeline) && start.position().isAfter(system.position())) {
            throw new ReplicationException("the server's WAL ends at " + system.position() + " on timeline "
                    + serverTimeline + ", before " + start.position()
                    + ", up to which it was received: the server lags, or was set back to an older state");
        }
        complaints.forget();
        backlog.begins(start.position());
        listener.info("receiving WAL from " + start.position() + " on timeline " + start.timeline());
        WalStreamRequest streamed = new WalStreamRequest(
                start.position(),
                start.timeline().id(),
                Optional.of(system.identifier()),
                request.slot(),
                true,
                STATUS_INTERVAL,
                segmentSize,
                false,
                request.silence());
        try (ReceivedFiles files = new ReceivedFiles(directory)) {
            new WalStream(session, streamed, files, stream).run();
        }
    }

    private static TimelineHistory history(ReplicationSession session, ReceiverDirectory directory, Timeline timeline)
            throws IOException, RefusedException {
        if (timeline.equals(Timeline.FIRST)) {
            return TimelineHistory.withoutAncestors(timeline);
        }
        byte[] text = session.timelineHistoryText(timeline.id());
        Path received = directory.path().resolve(timeline.historyFileName());
        if (Files.exists(received) && !Arrays.equals(Files.readAllBytes(received), text)) {
            throw new RefusedException(
                    "other_timeline",
                    "timeline " + timeline + " of the server is another one than the timeline of that number that was"
                            + " received before",
                    "Two servers were promoted to the same number. Give the one that goes on a cluster name of its own"
                            + " with \"pgark init\".");
        }
        return TimelineHistory.parse(timeline, new String(text, StandardCharsets.UTF_8));
    }

    private ResumePoint start(
            ReplicationSession session,
            ReceiverDirectory directory,
            TimelineHistory history,
            ReplicationSession.SystemIdentity system,
            int segmentSize)
            throws IOException {
        Optional<ResumePoint> resumed = ResumePoint.in(directory, history);
        if (resumed.isPresent()) {
            return resumed.get();
        }
        Lsn position = system.position();
        Timeline timeline = history.timeline();
        if (request.slot().isPresent() && session.usesParentheses()) {
            ReplicationSession.SlotPosition slot =
                    session.readSlot(request.slot().get());
            if (slot.position().isPresent() && history.chain().contains(new Timeline(slot.timeline()))) {
                position = slot.position().get();
                timeline = new Timeline(slot.timeline());
            }
        }
        return new ResumePoint(timeline, new Lsn(position.value() & -(long) segmentSize), Optional.empty());
    }

    private void warnOfUnlimitedSlots(ReplicationSession session) throws IOException {
        if (session.show("max_slot_wal_keep_size", "limit of slots").equals("-1")) {
            listener.warning(
                    "max_slot_wal_keep_size of the server is -1: while this receiver is away, its slot keeps WAL"
                            + " until the server's disk is full");
        }
    }

    /** Some failures do not go away by themselves. */
    private void giveUpOn(IOException failure) throws OperationException {
        Optional<ReplicationRefusal> refusal = ReplicationRefusal.of(failure);
        if (refusal.isPresent() && refusal.get().lasting()) {
            throw new FailedException(
                    refusal.get().code(),
                    ReplicationRefusal.oneLine(String.valueOf(failure.getMessage())),
                    refusal.get().hint(),
                    failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ReceivedWalDiffersException) {
                throw new RefusedException(
                        "wal_differs",
                        String.valueOf(cause.getMessage()),
                        "The server was set back to an older state of the same timeline, or is another one. Nothing was"
                                + " overwritten; to follow it, give it a cluster name of its own with \"pgark init\".",
                        cause);
            }
            if (cause instanceof NoSuchSlotException) {
                throw slotMissing(cause);
            }
            if (cause instanceof ServerErrorException error) {
                giveUpOn(error);
            }
        }
    }

    private void giveUpOn(ServerErrorException error) throws FailedException {
        if (error.sqlState().equals(WAL_REMOVED)) {
            throw new FailedException(
                    "wal_removed",
                    "the server does not have the WAL any more that comes next: " + error.getMessage(),
                    "What is missing is in the archive only if archive_command has put it there. Move the files of the"
                            + " receiver's directory away and start again: it begins where the server is. Then take a"
                            + " backup, and give the receiver a slot.",
                    error);
        }
        if (error.sqlState().equals(SLOT_INVALIDATED)) {
            throw new FailedException(
                    "slot_invalidated",
                    String.valueOf(error.getMessage()),
                    "The server has given the slot up. Drop it, start again with --create-slot, and take a backup.",
                    error);
        }
        if (error.sqlState().equals(NO_SUCH_SLOT)) {
            throw slotMissing(error);
        }
    }

    private static FailedException slotMissing(Throwable cause) {
        return new FailedException(
                "slot_missing",
                String.valueOf(cause.getMessage()),
                "--create-slot makes it; WAL that the server has removed meanwhile is lost to this receiver.",
                cause);
    }
}

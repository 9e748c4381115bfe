package org.pgark.physical.receive;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.Answer;
import org.pgark.postgres.wire.CopyBoth;
import org.pgark.postgres.wire.Exchange;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireException;

/**
 * Streams WAL from one server into a place, timeline after timeline, until its listener has enough. Follows
 * bin/pg_basebackup/receivelog.c in what it does and says. For one run on one thread.
 */
public final class WalStream {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    private static final Duration WAIT_FOR_FLUSH = Duration.ofMillis(5);
    /** So many bytes may come in a row before they are flushed, if the server waits for that. */
    private static final long LONGEST_BURST = 1 << 20;

    private static final int DATA_HEADER = 25;
    private static final int KEEPALIVE = 18;
    /** Seconds from 1970 to 2000, the epoch of the protocol's times. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private final ReplicationSession session;
    private final WalStreamRequest request;
    private final WalPlace place;
    private final WalStreamListener listener;
    private final int segmentMask;
    private WalPlace.@Nullable WalFile file;
    private String fileName = "";
    private int timeline;
    private long position;
    private long flushed;
    private long reported = -1;
    private long lastStatusNanos;
    private long lastHeardNanos;
    private boolean asked;
    private boolean statusSent;
    private boolean sending = true;
    private boolean streaming;

    /** A stream that has not begun. */
    public WalStream(ReplicationSession session, WalStreamRequest request, WalPlace place, WalStreamListener listener) {
        this.session = session;
        this.request = request;
        this.place = place;
        this.listener = listener;
        this.segmentMask = request.segmentSize() - 1;
        this.timeline = request.timeline();
    }

    /**
     * Streams until the listener says that it is enough.
     *
     * @throws IOException if the stream breaks; what was received stays as an incomplete segment
     */
    public void run() throws IOException {
        checkServer();
        position = request.start().value();
        flushed = position;
        try {
            boolean more = true;
            while (more) {
                fetchHistory();
                if (listener.reached(new Lsn(position), timeline, false)) {
                    return;
                }
                more = streamTimeline();
            }
        } catch (IOException e) {
            letGo(e);
            throw e;
        }
    }

    private void checkServer() throws IOException {
        ReplicationSession.SystemIdentity system = session.identifySystem();
        if (request.systemIdentifier().isPresent()
                && !request.systemIdentifier().get().equals(system.identifier())) {
            throw new ReplicationException(
                    "system identifier does not match between base backup and streaming connection");
        }
        if (Integer.compareUnsigned(timeline, system.timeline()) > 0) {
            throw new ReplicationException(
                    "starting timeline " + Integer.toUnsignedString(timeline) + " is not present in the server");
        }
    }

    private void fetchHistory() throws IOException {
        String name = String.format(Locale.ROOT, "%08X.history", timeline);
        if (timeline == 1 || place.has(name)) {
            return;
        }
        ReplicationSession.HistoryFile history = session.timelineHistory(timeline);
        if (!history.name().equals(name)) {
            throw new ReplicationException("server reported unexpected history file name for timeline "
                    + Integer.toUnsignedString(timeline) + ": " + history.name());
        }
        place.put(name, history.content().array());
        if (request.marksDone()) {
            place.markDone(name);
        }
    }

    /** Streams one timeline; false when the listener has enough, true when the next timeline is to follow. */
    private boolean streamTimeline() throws IOException {
        sending = true;
        streaming = false;
        statusSent = false;
        try (Exchange exchange = session.startReplication(request.slot(), new Lsn(position), timeline)) {
            Optional<Answer> answer = exchange.next();
            if (answer.isPresent() && answer.get() instanceof CopyBoth copy) {
                streaming = true;
                receive(copy);
                answer = exchange.next();
            }
            if (answer.isPresent()
                    && answer.get() instanceof QueryResult result
                    && !result.columns().isEmpty()) {
                followSwitch(result);
                return true;
            }
            if (!listener.reached(new Lsn(position), timeline, false)) {
                throw new ReplicationException("replication stream was terminated before stop point");
            }
            return false;
        } catch (WireException e) {
            throw !streaming
                    ? ReplicationSession.refused("START_REPLICATION", e)
                    : new ReplicationException(
                            (e instanceof ServerErrorException
                                            ? "unexpected termination of replication stream: "
                                            : "could not receive data from WAL stream: ")
                                    + e.getMessage(),
                            e);
        }
    }

    private void followSwitch(QueryResult result) throws IOException {
        if (result.rows().size() != 1 || result.columns().size() < 2) {
            throw new ReplicationException(
                    "unexpected result set after end-of-timeline: " + ReplicationSession.got(result, 1, 2, ""));
        }
        Row row = result.rows().getFirst();
        int next = (int) ReplicationSession.number(row, 0);
        Lsn start = ReplicationSession.lsn(row.string(1));
        if (Integer.compareUnsigned(next, timeline) <= 0) {
            throw new ReplicationException("server reported unexpected next timeline " + Integer.toUnsignedString(next)
                    + ", following timeline " + Integer.toUnsignedString(timeline));
        }
        if (Long.compareUnsigned(start.value(), position) > 0) {
            throw new ReplicationException("server stopped streaming timeline " + Integer.toUnsignedString(timeline)
                    + " at " + new Lsn(position) + ", but reported next timeline " + Integer.toUnsignedString(next)
                    + " to begin at " + start);
        }
        timeline = next;
        // The segment of the switch is written anew under the new timeline's name.
        position = start.value() & ~(long) segmentMask;
    }

    private void receive(CopyBoth copy) throws IOException {
        heard();
        while (true) {
            stopIfEnough(copy);
            askIfSilent(copy);
            if (request.synchronous() && sending && flushed != position && file != null) {
                flush();
            }
            if (sending && (statusIsDue() || (request.synchronous() && reportable() != reported))) {
                report(copy);
            }
            CopyBoth.Arrival arrival = copy.receive(patience());
            long before = position;
            while (arrival == CopyBoth.Arrival.MESSAGE) {
                heard();
                take(copy);
                boolean flushesNow = request.synchronous() && position - before > LONGEST_BURST;
                arrival = flushesNow ? CopyBoth.Arrival.NOTHING : copy.receive(Duration.ZERO);
            }
            if (arrival == CopyBoth.Arrival.END) {
                if (sending) {
                    closeFile();
                    copy.endSending();
                    sending = false;
                }
                copy.finish();
                return;
            }
        }
    }

    private void stopIfEnough(CopyBoth copy) throws IOException {
        if (sending && listener.reached(new Lsn(position), timeline, false)) {
            closeFile();
            copy.endSending();
            sending = false;
        }
    }

    private void heard() {
        lastHeardNanos = System.nanoTime();
        asked = false;
    }

    /** A network that swallows everything is told from a server that has nothing to say by asking it. */
    private void askIfSilent(CopyBoth copy) throws IOException {
        long limit = request.silence().toNanos();
        long silent = System.nanoTime() - lastHeardNanos;
        if (limit > 0 && silent > limit) {
            // Otherwise the end of the exchange would wait for the server's part in it.
            session.connection().close();
            throw new ReplicationException("nothing was heard from the server for "
                    + request.silence().toSeconds() + " s, though it was asked");
        }
        if (limit > 0 && silent > limit / 2 && !asked && sending) {
            asked = true;
            report(copy);
        }
    }

    private boolean statusIsDue() {
        return !request.statusInterval().isZero()
                && (!statusSent
                        || System.nanoTime() - lastStatusNanos
                                >= request.statusInterval().toNanos());
    }

    /** Short, so that the listener is asked again when its mind may have changed. */
    private Duration patience() {
        return request.synchronous() && reported != position ? WAIT_FOR_FLUSH : LONGEST_WAIT;
    }

    private long reportable() {
        return request.reportsFlush()
                ? listener.reportable(new Lsn(flushed), timeline).value()
                : 0;
    }

    private void take(CopyBoth copy) throws IOException {
        byte[] buffer = copy.buffer();
        int offset = copy.offset();
        int length = copy.length();
        int kind = length == 0 ? 0 : buffer[offset];
        if (kind == 'k') {
            if (length < KEEPALIVE) {
                throw new ReplicationException("streaming header too small: " + length);
            }
            listener.serverEnd(new Lsn(int64(buffer, offset + 1)));
            if (buffer[offset + KEEPALIVE - 1] != 0 && sending) {
                if (request.reportsFlush() && flushed != position && file != null) {
                    flush();
                }
                report(copy);
            }
        } else if (kind == 'w') {
            if (length < DATA_HEADER) {
                throw new ReplicationException("streaming header too small: " + length);
            }
            if (sending) {
                listener.serverEnd(new Lsn(int64(buffer, offset + 9)));
                long start = int64(buffer, offset + 1);
                write(copy, start, buffer, offset + DATA_HEADER, length - DATA_HEADER);
                stopIfEnough(copy);
            }
        } else {
            throw new ReplicationException("unrecognized streaming header: \"" + (char) kind + "\"");
        }
    }

    private void write(CopyBoth copy, long start, byte[] buffer, int from, int count) throws IOException {
        position = start;
        int inSegment = (int) (position & segmentMask);
        if (file == null && inSegment != 0) {
            throw new ReplicationException(
                    "received write-ahead log record for offset " + inSegment + " with no file open");
        }
        if (file != null && file.position() != inSegment) {
            throw new ReplicationException(
                    String.format(Locale.ROOT, "got WAL data offset %08x, expected %08x", inSegment, file.position()));
        }
        int offset = from;
        int left = count;
        while (left > 0) {
            int part = (int) Math.min(left, request.segmentSize() - (position & segmentMask));
            WalPlace.WalFile target = openFile();
            try {
                target.write(buffer, offset, part);
            } catch (IOException e) {
                throw new ReplicationException(
                        "could not write " + part + " bytes to WAL file \"" + target.shownName() + "\": "
                                + SystemMessage.of(e),
                        e);
            }
            offset += part;
            left -= part;
            position += part;
            if ((position & segmentMask) == 0) {
                closeFile();
                if (listener.reached(new Lsn(position), timeline, true)) {
                    copy.endSending();
                    sending = false;
                    return;
                }
            }
        }
    }

    private WalPlace.WalFile openFile() throws IOException {
        if (file != null) {
            return file;
        }
        fileName = segmentName();
        WalPlace.WalFile opened = place.openSegment(fileName);
        file = opened;
        return opened;
    }

    private String segmentName() {
        long segment = position >>> Integer.numberOfTrailingZeros(request.segmentSize());
        long perFile = (1L << 32) / request.segmentSize();
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perFile, segment % perFile);
    }

    private void closeFile() throws IOException {
        WalPlace.WalFile open = file;
        if (open == null) {
            return;
        }
        file = null;
        boolean complete = open.position() == request.segmentSize();
        if (!complete && place instanceof WalDirectory) {
            listener.info("not renaming \"" + open.shownName() + "\", segment is not complete");
        }
        try {
            open.close(complete);
        } catch (IOException e) {
            throw new ReplicationException(
                    "could not close file \"" + open.shownName() + "\": " + SystemMessage.of(e), e);
        }
        if (complete && request.marksDone()) {
            place.markDone(fileName);
        }
        flushed = position;
    }

    private void letGo(IOException failure) {
        WalPlace.WalFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close(false);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private void flush() throws IOException {
        WalPlace.WalFile open = file;
        if (open != null) {
            try {
                open.sync();
            } catch (IOException e) {
                throw new ReplicationException(
                        "could not fsync file \"" + open.shownName() + "\": " + SystemMessage.of(e), e);
            }
            flushed = position;
        }
    }

    private void report(CopyBoth copy) throws IOException {
        byte[] message = new byte[34];
        message[0] = 'r';
        putInt64(message, 1, position);
        long flush = reportable();
        putInt64(message, 9, flush);
        reported = flush;
        java.time.Instant now = java.time.Instant.now();
        putInt64(message, 25, (now.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + now.getNano() / 1000);
        message[33] = (byte) (asked ? 1 : 0);
        copy.send(message);
        lastStatusNanos = System.nanoTime();
        statusSent = true;
    }

    private static long int64(byte[] buffer, int at) {
        long value = 0;
        for (int index = 0; index < 8; index++) {
            value = value << 8 | (buffer[at + index] & 0xFF);
        }
        return value;
    }

    private static void putInt64(byte[] buffer, int at, long value) {
        for (int index = 0; index < 8; index++) {
            buffer[at + index] = (byte) (value >>> (56 - 8 * index));
        }
    }
}

package org.pgark.storage.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The connections to one server: made when they are needed, up to a limit, and made anew when they broke. What broke with
 * its connection is done again on another one; whoever asks must be able to bear that.
 */
final class SftpConnections implements AutoCloseable {
    private static final Duration LIMIT_AT_FIRST = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MOST_BREAKS_AT_FIRST = 2;
    private static final int MOST_BREAKS = 5;
    private static final int MOST_REFUSALS = 3;
    private static final long FIRST_PAUSE_MILLIS = 100;

    private final SshAccess access;
    private final int most;
    private final List<SftpChannel> channels = new ArrayList<>();
    private boolean reached;
    private int refusals;
    private boolean closed;

    SftpConnections(SshAccess access, int most) {
        this.access = access;
        this.most = most;
    }

    /** Something that is done over a connection. */
    interface Operation<T> {
        /**
         * Does it.
         *
         * @param repeated whether it was begun before, and may have been done without anybody having heard of it
         */
        T run(SftpFiles files, boolean repeated) throws IOException;
    }

    /** Does something, again if the connection breaks meanwhile. */
    <T> T run(Operation<T> operation) throws IOException {
        boolean repeated = false;
        long begin = System.nanoTime();
        for (int breaks = 1; ; breaks++) {
            try {
                SftpChannel channel = acquire();
                try {
                    return operation.run(new SftpFiles(channel), repeated);
                } finally {
                    channel.users().decrementAndGet();
                }
            } catch (SftpConnectionLost e) {
                if (breaks >= mostBreaks() || System.nanoTime() - begin > limit().toNanos()) {
                    throw e;
                }
                repeated = true;
                pause(breaks);
            }
        }
    }

    /** A server that was never reached is more likely not there than out of reach for a moment. */
    private synchronized int mostBreaks() {
        return reached ? MOST_BREAKS : MOST_BREAKS_AT_FIRST;
    }

    private synchronized Duration limit() {
        return reached ? LIMIT : LIMIT_AT_FIRST;
    }

    private synchronized SftpChannel acquire() throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
        channels.removeIf(SftpChannel::isOver);
        SftpChannel idlest = channels.stream()
                .min(Comparator.comparingInt(channel -> channel.users().get()))
                .filter(channel -> channel.users().get() == 0 || channels.size() >= most)
                .orElse(null);
        if (idlest == null) {
            idlest = opened();
            channels.add(idlest);
            reached = true;
            refusals = 0;
        }
        idlest.users().incrementAndGet();
        return idlest;
    }

    /** A server that is being stopped may refuse a login with the keys that it has taken a moment ago. */
    private SftpChannel opened() throws IOException {
        try {
            return access.open();
        } catch (SftpLoginRefused e) {
            if (reached && ++refusals < MOST_REFUSALS) {
                throw new SftpConnectionLost(String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private static void pause(int breaks) throws InterruptedIOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << breaks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /** Whether a server was reached that makes files durable. */
    synchronized boolean synchronise() {
        return channels.stream().anyMatch(channel -> channel.has(SftpChannel.SYNCHRONISE));
    }

    @Override
    public synchronized void close() {
        closed = true;
        channels.forEach(SftpChannel::close);
        channels.clear();
    }
}

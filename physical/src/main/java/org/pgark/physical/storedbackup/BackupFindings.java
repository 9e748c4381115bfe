package org.pgark.physical.storedbackup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one verification has found so far. Thread-safe. */
final class BackupFindings {
    /** Ends a verification that is to end at its first error. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final VerificationListener listener;
    private final boolean stopsAtFirst;
    private final List<String> ignored;
    private final AtomicLong done = new AtomicLong();
    private long total;
    private boolean wrong;

    BackupFindings(VerificationRequest request, VerificationListener listener) {
        this.listener = listener;
        stopsAtFirst = request.stopsAtFirst();
        ignored = new ArrayList<>(request.ignored());
    }

    synchronized void error(String message) {
        if (wrong && stopsAtFirst) {
            throw new StoppedException();
        }
        wrong = true;
        listener.error(message);
        if (stopsAtFirst) {
            throw new StoppedException();
        }
    }

    synchronized void walError(String message) {
        listener.walError(message);
    }

    synchronized boolean isWrong() {
        return wrong;
    }

    /** From now on the path, and everything below it, is of no account. */
    synchronized void ignore(String path) {
        ignored.add(path);
    }

    synchronized boolean isIgnored(String path) {
        for (String candidate : ignored) {
            if (path.startsWith(candidate)
                    && (path.length() == candidate.length() || path.charAt(candidate.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    synchronized void expect(long bytes) {
        total += bytes;
    }

    void advance(long bytes) {
        long now = done.addAndGet(bytes);
        synchronized (this) {
            listener.progress(now, total, false);
        }
    }

    synchronized void finish() {
        listener.progress(done.get(), total, true);
    }
}

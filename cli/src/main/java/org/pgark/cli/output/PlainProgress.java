package org.pgark.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.physical.ProgressListener;

/** Progress as plain lines, one at each phase's start and at most one every ten seconds, for logs and pipes. */
final class PlainProgress implements ProgressListener {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream err;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong lastLine = new AtomicLong();
    private volatile long total;
    private volatile long phaseStart;
    private volatile String phase = "";

    PlainProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void phase(String name) {
        phase = name;
        total = 0;
        done.set(0);
        phaseStart = System.nanoTime();
        lastLine.set(phaseStart);
        err.println(name);
    }

    @Override
    public void total(long files, long bytes) {
        total = bytes;
        err.println(phase + ": " + Words.count(files, "file") + ", " + Words.size(bytes));
    }

    @Override
    public void advanced(long bytes) {
        long now = System.nanoTime();
        long sum = done.addAndGet(bytes);
        long last = lastLine.get();
        if (now - last >= INTERVAL_NANOS && lastLine.compareAndSet(last, now)) {
            err.println(phase + ": " + new Rate(sum, total, now - phaseStart).text());
        }
    }

    @Override
    public void notice(String message) {
        err.println(message);
    }

    @Override
    public void warning(String message) {
        err.println("WARNING: " + message);
    }
}

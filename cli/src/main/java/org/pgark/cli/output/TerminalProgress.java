package org.pgark.cli.output;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.physical.ProgressListener;

/** Progress on a terminal: one line that is drawn again, with a bar, the rate and the time left. */
final class TerminalProgress implements ProgressListener, AutoCloseable {
    private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();
    private static final int BAR_WIDTH = 24;
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintWriter terminal;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong lastDrawn = new AtomicLong();
    private volatile long total;
    private volatile long phaseStart;
    private volatile String phase = "";

    TerminalProgress(PrintStream err) {
        terminal = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    @Override
    public synchronized void phase(String name) {
        phase = name;
        total = 0;
        done.set(0);
        phaseStart = System.nanoTime();
        draw(phaseStart);
    }

    @Override
    public void total(long files, long bytes) {
        total = bytes;
    }

    @Override
    public void advanced(long bytes) {
        done.addAndGet(bytes);
        long now = System.nanoTime();
        long last = lastDrawn.get();
        if (now - last >= INTERVAL_NANOS && lastDrawn.compareAndSet(last, now)) {
            draw(now);
        }
    }

    private synchronized void draw(long now) {
        String text = phase;
        if (total > 0) {
            int filled = (int) Math.min(BAR_WIDTH, done.get() * BAR_WIDTH / total);
            text += " [" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] "
                    + new Rate(done.get(), total, now - phaseStart).text();
        }
        terminal.print(CLEAR_LINE + text);
        terminal.flush();
    }

    @Override
    public synchronized void notice(String message) {
        terminal.println(CLEAR_LINE + message);
    }

    @Override
    public synchronized void warning(String message) {
        terminal.println(CLEAR_LINE + "WARNING: " + message);
    }

    @Override
    public synchronized void close() {
        terminal.print(CLEAR_LINE);
        terminal.flush();
    }
}

package org.pgark.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.physical.ProgressListener;
import tools.jackson.databind.node.ObjectNode;

/** Progress as JSON lines on standard error, at most one a second while a phase goes on. */
final class JsonProgress implements ProgressListener {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final PrintStream err;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong lastLine = new AtomicLong();
    private volatile long total;
    private volatile String phase = "";

    JsonProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void phase(String name) {
        phase = name;
        total = 0;
        done.set(0);
        lastLine.set(System.nanoTime());
        print(Output.object().put("phase", name));
    }

    @Override
    public void total(long files, long bytes) {
        total = bytes;
        print(Output.object().put("phase", phase).put("files", files).put("total_bytes", bytes));
    }

    @Override
    public void advanced(long bytes) {
        long now = System.nanoTime();
        long sum = done.addAndGet(bytes);
        long last = lastLine.get();
        if (now - last >= INTERVAL_NANOS && lastLine.compareAndSet(last, now)) {
            print(Output.object().put("phase", phase).put("done_bytes", sum).put("total_bytes", total));
        }
    }

    @Override
    public void notice(String message) {
        print(Output.object().put("notice", message));
    }

    @Override
    public void warning(String message) {
        print(Output.object().put("warning", message));
    }

    private void print(ObjectNode line) {
        err.println(line);
    }
}

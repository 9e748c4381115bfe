package org.pgark.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import org.pgark.physical.ProgressListener;

/** Progress as plain lines, one at each phase's start and at most one every ten seconds, for logs and pipes. */
final class PlainProgress implements ProgressListener {
    private final PrintStream err;
    private final PhaseCount count = new PhaseCount(Duration.ofSeconds(10), System::nanoTime);

    PlainProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void phase(String name) {
        count.begin(name);
        err.println(name);
    }

    @Override
    public void total(long files, long bytes) {
        count.total(bytes);
        err.println(count.phase() + ": " + (files == 0 ? "" : Words.count(files, "file") + ", ") + Words.size(bytes));
    }

    @Override
    public void advanced(long bytes) {
        if (count.advance(bytes)) {
            err.println(count.phase() + ": " + count.rate().text());
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

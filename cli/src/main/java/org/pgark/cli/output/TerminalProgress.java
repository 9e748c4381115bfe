package org.pgark.cli.output;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.pgark.physical.ProgressListener;

/** Progress on a terminal: one line that is drawn again, with a bar, the rate and the time left. */
final class TerminalProgress implements ProgressListener, AutoCloseable {
    private static final int BAR_WIDTH = 24;
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintWriter terminal;
    private final PhaseCount count = new PhaseCount(Duration.ofMillis(100), System::nanoTime);

    TerminalProgress(PrintStream err) {
        terminal = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    @Override
    public synchronized void phase(String name) {
        count.begin(name);
        draw();
    }

    @Override
    public void total(long files, long bytes) {
        count.total(bytes);
    }

    @Override
    public void advanced(long bytes) {
        if (count.advance(bytes)) {
            draw();
        }
    }

    private synchronized void draw() {
        Rate rate = count.rate();
        String text = count.phase();
        if (rate.total() > 0) {
            int filled = (int) Math.min(BAR_WIDTH, rate.done() * BAR_WIDTH / rate.total());
            text += " [" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] " + rate.text();
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

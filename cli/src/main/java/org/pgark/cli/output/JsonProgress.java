package org.pgark.cli.output;

import java.io.PrintStream;
import java.time.Duration;
import org.pgark.physical.ProgressListener;
import tools.jackson.databind.node.ObjectNode;

/** Progress as JSON lines on standard error, at most one a second while a phase goes on. */
final class JsonProgress implements ProgressListener {
    private final PrintStream err;
    private final PhaseCount count = new PhaseCount(Duration.ofSeconds(1), System::nanoTime);

    JsonProgress(PrintStream err) {
        this.err = err;
    }

    @Override
    public void phase(String name) {
        count.begin(name);
        print(Output.object().put("phase", name));
    }

    @Override
    public void total(long files, long bytes) {
        count.total(bytes);
        print(Output.object().put("phase", count.phase()).put("files", files).put("total_bytes", bytes));
    }

    @Override
    public void advanced(long bytes) {
        if (count.advance(bytes)) {
            Rate rate = count.rate();
            ObjectNode line = Output.object()
                    .put("phase", count.phase())
                    .put("done_bytes", rate.done())
                    .put("total_bytes", rate.total());
            if (rate.repeated() > 0) {
                line.put("repeated_requests", rate.repeated());
            }
            print(line);
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

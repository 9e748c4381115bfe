package org.pgark.acceptance;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.Waiting;

/** A command that runs while the test does something to it, or to what it needs. Closing kills it. */
final class RunningCommand implements AutoCloseable {
    /** The exit status of a command that SIGKILL ended. */
    static final int KILLED = 128 + 9;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path output;
    private final Path errors;

    private RunningCommand(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    static RunningCommand start(Path folder, ProcessBuilder builder) throws IOException {
        Path output = Files.createTempFile(folder, "output-", ".txt");
        Path errors = Files.createTempFile(folder, "errors-", ".txt");
        List<String> command = new ArrayList<>(builder.command());
        // Whatever a shell starts in the background ignores Ctrl-C, and so would all that this test starts.
        command.addAll(0, List.of("env", "--default-signal=INT"));
        Process process = builder.command(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        return new RunningCommand(process, output, errors);
    }

    /** Waits until it says on its standard error that it has come so far. */
    RunningCommand awaitWords(String words) throws IOException {
        Waiting.until("the command says \"" + words + "\"", PATIENCE, () -> {
            String said = Files.readString(errors);
            if (!said.contains(words) && !process.isAlive()) {
                throw new AssertionError("the command ended before it said \"" + words + "\": " + said);
            }
            return said.contains(words);
        });
        return this;
    }

    /** Waits for a while; true if it ended by itself before that. */
    boolean endsWithin(Duration time) throws IOException {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a command");
        }
    }

    /** Sends a signal by its name without "SIG". */
    void signal(String name) throws IOException {
        ProgramOutcome.of(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    /** Waits until it has ended. */
    ProgramOutcome end() throws IOException {
        if (!endsWithin(PATIENCE)) {
            throw new IOException("the command still runs after " + PATIENCE.toSeconds() + " s, and said: "
                    + Files.readString(errors));
        }
        return new ProgramOutcome(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        end();
    }
}

package org.pgark.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How a program ended.
 *
 * @param exitStatus as its parent sees it; 128 + number if a signal ended it
 * @param output what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
public record ProgramOutcome(int exitStatus, String output, String errors) {
    public ProgramOutcome {
        Objects.requireNonNull(output, "output is null");
        Objects.requireNonNull(errors, "errors is null");
    }

    /** Runs a program to its end, without input, in the environment of this process. */
    public static ProgramOutcome of(List<String> command) throws IOException {
        return of(new ProcessBuilder(command));
    }

    /** Runs a program to its end, without input; where its output goes is not the builder's choice. */
    public static ProgramOutcome of(ProcessBuilder builder) throws IOException {
        Path output = Files.createTempFile("pgark-output-", ".txt");
        Path errors = Files.createTempFile("pgark-errors-", ".txt");
        try {
            Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            int status = process.waitFor();
            return new ProgramOutcome(status, Files.readString(output), Files.readString(errors));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for \"" + builder.command() + "\"");
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}

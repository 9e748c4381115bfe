package org.pgark.embedded;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Short programs that are run to their end: initdb, pg_ctl, kill. */
final class ServerProgram {
    private ServerProgram() {}

    /**
     * Runs a program and returns what it wrote.
     *
     * @throws ServerException with its output if it fails
     */
    static String run(List<String> command) throws IOException {
        Process process = builder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = await(process);
        if (status != 0) {
            throw new ServerException(
                    "\"" + String.join(" ", command) + "\" failed with exit status " + status, output);
        }
        return output;
    }

    static boolean succeeds(List<String> command) throws IOException {
        try {
            run(command);
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a signal by its name without SIG; a process that is gone is fine. */
    static void signal(String name, long pid) throws IOException {
        Process process = builder(List.of("sh", "-c", "kill -\"$1\" \"$2\"", "sh", name, Long.toString(pid)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await(process);
    }

    /** A process in a neutral working directory, without the libpq variables of whoever started this one. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") && !name.startsWith("PGARK"));
        environment.put("LC_ALL", "C");
        return builder;
    }

    static int await(Process process) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw interrupted();
        }
    }

    /** Whether the process ended within the time. */
    static boolean ends(Process process, Duration time) throws InterruptedIOException {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for a server program");
    }
}

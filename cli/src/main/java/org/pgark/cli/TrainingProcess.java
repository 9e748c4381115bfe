package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pgark whose JVM records what it loads, for a cache of its own. */
final class TrainingProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private TrainingProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it.
     *
     * @param home the installation
     * @param cache what the name of its cache ends with
     * @param variables its environment, beside this process's
     */
    static TrainingProcess start(Path home, String cache, Map<String, String> variables, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/pgark").toString()));
        command.addAll(words);
        Path log = Files.createTempFile("pgark-training-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        builder.environment()
                .put("PGARK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + home.resolve("lib/aot/rehearsal-" + cache + ".aot"));
        return new TrainingProcess(builder.start(), log);
    }

    /** @throws IOException with what it said if it failed */
    void await() throws IOException {
        try {
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new IOException("exit code " + exitCode + ": " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.delete(log);
    }
}

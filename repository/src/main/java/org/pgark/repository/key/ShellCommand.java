package org.pgark.repository.key;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a command of the user's by {@code /bin/sh}, and takes what it prints. */
final class ShellCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_OUTPUT = 64 << 10;
    private static final int MOST_COMPLAINT = 300;

    private final String text;
    private final Duration patience;

    ShellCommand(String text) {
        this(text, PATIENCE);
    }

    ShellCommand(String text, Duration patience) {
        this.text = text;
        this.patience = patience;
    }

    String text() {
        return text;
    }

    /**
     * Runs it.
     *
     * @param arguments its {@code $1} and so on
     * @throws KeyException if it cannot be run, fails, takes longer than a minute or prints too
     *     much
     */
    byte[] run(byte[] input, Map<String, String> variables, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", text, "pgark"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(variables);
        Process process = builder.start();
        FutureTask<byte[]> output = reading(process.getInputStream());
        FutureTask<byte[]> complaint = reading(process.getErrorStream());
        Thread.ofPlatform().daemon().name("input of a key command").start(() -> feed(process, input));
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("has not ended after " + patience.toSeconds() + " seconds");
            }
            if (process.exitValue() != 0) {
                throw failed("failed with exit code " + process.exitValue() + complaint(complaint));
            }
            byte[] printed = output.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (printed.length > MOST_OUTPUT) {
                throw failed("printed more than " + MOST_OUTPUT + " bytes");
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while \"" + text + "\" ran").initCause(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KeyException("key_command", "cannot read what \"" + text + "\" prints", "", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // A command need not read what it is given; if it should have, it will fail.
            return;
        }
    }

    private static FutureTask<byte[]> reading(InputStream stream) {
        FutureTask<byte[]> task = new FutureTask<>(() -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                if (bytes.size() <= MOST_OUTPUT) {
                    bytes.write(chunk, 0, count);
                }
            }
            return bytes.toByteArray();
        });
        Thread.ofPlatform().daemon().name("output of a key command").start(task);
        return task;
    }

    /** What it said at once; something that it left running may hold the stream open for ever. */
    private static String complaint(FutureTask<byte[]> said) throws InterruptedException, ExecutionException {
        byte[] printed;
        try {
            printed = said.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return "";
        }
        String line = new String(printed, StandardCharsets.UTF_8)
                .strip()
                .lines()
                .findFirst()
                .orElse("");
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(MOST_COMPLAINT, line.length()));
    }

    private KeyException failed(String how) {
        return new KeyException(
                "key_command", "\"" + text + "\" " + how, "Run it by hand, as the user that pgark runs as.");
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Archives what a server left in a folder, as the worker does, until it is closed. */
final class PushedWal implements AutoCloseable {
    private final Path configured;
    private final Path wal;
    private final Set<String> archived = new TreeSet<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param configured the folder of the configuration
     * @param wal the folder of WAL; a file whose name ends with {@code .part} is not complete yet
     */
    PushedWal(Path configured, Path wal) {
        this.configured = configured;
        this.wal = wal;
        this.thread = Thread.ofPlatform().daemon().start(this::work);
    }

    private void work() {
        while (!closed) {
            try (Stream<Path> files = Files.list(wal)) {
                for (Path file : files.sorted().toList()) {
                    push(file);
                }
                Thread.sleep(50);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void push(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".part") && !archived.contains(name)) {
            // One repository may be away: then the other one has it all the same.
            CommandResult.of(configured, "wal", "push", file.toString());
            archived.add(name);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException().initCause(e);
        }
    }
}

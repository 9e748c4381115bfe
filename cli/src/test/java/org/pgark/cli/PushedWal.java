package org.pgark.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgark.testkit.TestCluster;

/** Archives what a server left in a folder, as the worker does, until it is closed. */
final class PushedWal implements AutoCloseable {
    private final Path configured;
    private final Path wal;
    private final boolean stubborn;
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
        this(configured, wal, false);
    }

    /** @param stubborn whether a file that is not archived is tried again, before all that come behind it */
    PushedWal(Path configured, Path wal, boolean stubborn) {
        this.configured = configured;
        this.wal = wal;
        this.stubborn = stubborn;
        this.thread = Thread.ofPlatform().daemon().start(this::work);
    }

    /** Makes a folder that a server of any account can leave files in. */
    static Path folder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder;
    }

    /** What a server is to archive by. */
    static String command(Path wal) {
        return "cp %p " + wal + "/%f.part && mv " + wal + "/%f.part " + wal + "/%f";
    }

    /** One that writes no more than it is told to, so that its files stay as a backup has them. */
    static TestCluster.Builder quietServer(Path wal) {
        return TestCluster.of(18)
                .walSegmentMegabytes(1)
                .archiveCommand(command(wal))
                .with("autovacuum", "off")
                .with("bgwriter_lru_maxpages", "0")
                .with("checkpoint_timeout", "1h");
    }

    private void work() {
        while (!closed) {
            try {
                pushAll();
                Thread.sleep(50);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pushAll() throws IOException {
        try (Stream<Path> files = Files.list(wal)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.endsWith(".part") && !archived.contains(name)) {
                    CommandResult pushed = CommandResult.of(configured, "wal", "push", file.toString());
                    if (stubborn && pushed.exitCode() != 0) {
                        return;
                    }
                    // One repository may be away: then the other one has it all the same.
                    archived.add(name);
                }
            }
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

package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.several.FillingUp;
import org.pgark.postgres.control.ControlFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings repositories that were left behind what they lack, beside everything else that the worker does. */
final class FillingThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FillingThread.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final FillingUp filling;
    private final Path dataDirectory;
    private final Thread thread;
    private volatile boolean behind;

    FillingThread(FillingUp filling, Path dataDirectory) {
        this.filling = filling;
        this.dataDirectory = dataDirectory;
        this.thread = Thread.ofPlatform().daemon().name("filling").unstarted(this::run);
    }

    FillingThread started() {
        thread.start();
        return this;
    }

    /** Whether a repository lacks something that the worker may yet bring it, of a server that runs. */
    boolean hasWork() {
        return behind && Files.exists(dataDirectory.resolve("postmaster.pid"));
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            behind = filling.look(ControlFile.read(dataDirectory).systemIdentifier());
        } catch (OperationException e) {
            LOG.warn("repositories cannot be compared: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("repositories are not compared: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.error("comparing repositories failed", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

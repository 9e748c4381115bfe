package org.pgark.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends the archive worker of a spool that is about to be removed. */
final class ArchiveWorkerEnd {
    private static final int PATIENCE_SECONDS = 5;

    private ArchiveWorkerEnd() {}

    static void of(Path pidFile) throws IOException {
        if (!Files.isReadable(pidFile)) {
            return;
        }
        String text = Files.readString(pidFile).strip();
        if (!text.matches("[0-9]{1,10}")) {
            return;
        }
        Optional<ProcessHandle> worker = ProcessHandle.of(Long.parseLong(text));
        if (worker.isEmpty()) {
            return;
        }
        worker.get().destroy();
        try {
            worker.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            worker.get().destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }
}

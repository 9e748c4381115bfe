package org.pgark.agent;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits until something comes or goes in some folders. What it was is not told: whoever waited looks for himself, and
 * looks now and then even when nothing was told, since a watch can be lost. Where the system has no watch left to give,
 * it waits a moment instead. For one thread.
 */
final class FolderWatch implements AutoCloseable {
    private static final Duration WITHOUT_WATCH = Duration.ofMillis(50);

    private final Optional<WatchService> service;
    private final Map<Path, WatchKey> watched = new HashMap<>();

    FolderWatch() {
        this.service = newService();
    }

    private static Optional<WatchService> newService() {
        try {
            return Optional.of(FileSystems.getDefault().newWatchService());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Watches this folder too; does nothing if it is watched already or is not there. */
    void add(Path folder) {
        WatchKey known = watched.get(folder);
        if (service.isEmpty() || (known != null && known.isValid())) {
            return;
        }
        try {
            watched.put(folder, folder.register(service.get(), ENTRY_CREATE, ENTRY_DELETE));
        } catch (IOException e) {
            watched.remove(folder);
        }
    }

    /** Forgets all folders, so that {@link #add} watches what is there under their names now. */
    void forgetAll() {
        watched.values().forEach(WatchKey::cancel);
        watched.clear();
    }

    /** Waits until something happened, at most {@code longest}. */
    void await(Duration longest) throws InterruptedException {
        if (service.isEmpty()) {
            Thread.sleep(longest.compareTo(WITHOUT_WATCH) < 0 ? longest : WITHOUT_WATCH);
            return;
        }
        WatchKey key = service.get().poll(longest.toNanos(), TimeUnit.NANOSECONDS);
        while (key != null) {
            key.pollEvents();
            if (!key.reset()) {
                watched.values().remove(key);
            }
            key = service.get().poll();
        }
    }

    @Override
    public void close() throws IOException {
        if (service.isPresent()) {
            service.get().close();
        }
    }
}

package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.pgark.physical.systemcall.FileSystemSync;

/** Makes whole directories durable at once, which costs far less than file by file as they are written. */
final class Durability implements AutoCloseable {
    private static final int FILES_AT_A_TIME = 4096;

    private final Optional<FileSystemSync> fileSystems;
    private final int jobs;
    private final Map<FileStore, FileSystemSync.Watch> watched = new HashMap<>();

    Durability(Optional<FileSystemSync> fileSystems, int jobs) {
        this.fileSystems = fileSystems;
        this.jobs = jobs;
    }

    /** Has {@link #sync} tell of writes to the file systems of these directories that fail from now on. */
    void watch(Collection<Path> directories) throws IOException {
        if (fileSystems.isPresent()) {
            for (Path directory : directories) {
                FileStore store = Files.getFileStore(directory);
                if (!watched.containsKey(store)) {
                    watched.put(store, fileSystems.get().watch(directory));
                }
            }
        }
    }

    /** Has the disk begin with a part of a file that was just written, so that it is not idle until {@link #sync}. */
    void begin(Path file, long offset, long length) throws IOException {
        if (fileSystems.isPresent()) {
            fileSystems.get().begin(file, offset, length);
        }
    }

    /** Makes the content of these directories durable, with all files and directories in them. */
    void sync(Collection<Path> directories) throws IOException, InterruptedException {
        if (fileSystems.isPresent()) {
            watch(directories);
            for (FileSystemSync.Watch watch : watched.values()) {
                fileSystems.get().sync(watch);
            }
            return;
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
            for (Path directory : directories) {
                try (Stream<Path> tree = Files.walk(directory)) {
                    for (Iterator<Path> paths = tree.iterator(); paths.hasNext(); ) {
                        syncSome(paths, workers);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        watched.values().forEach(FileSystemSync.Watch::close);
        watched.clear();
    }

    private static void syncSome(Iterator<Path> paths, ExecutorService workers)
            throws IOException, InterruptedException {
        List<Future<?>> pending = new ArrayList<>();
        while (paths.hasNext() && pending.size() < FILES_AT_A_TIME) {
            Path path = paths.next();
            pending.add(workers.submit(() -> {
                syncOne(path);
                return path;
            }));
        }
        for (Future<?> future : pending) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IOException(
                        e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
            }
        }
    }

    private static void syncOne(Path path) throws IOException {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}

package org.pgark.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.several.Archives;
import org.pgark.physical.several.ArchivesGet;
import org.pgark.physical.several.ArchivesPush;
import org.pgark.physical.several.FillingUp;
import org.pgark.physical.wal.Request;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolSettings;
import org.pgark.postgres.control.ControlFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives and fetches the WAL of one cluster for the fronts of this host, until there is nothing to do for a while.
 *
 * <p>It may be killed at any moment; the next front starts another one.
 */
public final class ArchiveWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveWorker.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_WHEN_BUSY = Duration.ofMillis(100);
    private static final Duration CLEANING = Duration.ofMinutes(1);
    private static final Duration PATIENCE_FOR_LOCK = Duration.ofSeconds(1);
    private static final Duration LOCK_POLL = Duration.ofMillis(50);
    private static final long LAST_MOMENTS_MILLIS = 800;

    private final WorkerSettings settings;
    private final InstantSource clock;
    private final Spool spool;
    private final Path dataDirectory;
    private final SpoolCleaning cleaning;
    private final long pid = ProcessHandle.current().pid();

    ArchiveWorker(WorkerSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.spool = settings.spools().spool(settings.cluster());
        this.dataDirectory = real(settings.dataDirectory());
        this.cleaning = new SpoolCleaning(spool, clock);
    }

    /**
     * Works until there has been nothing to do for {@link WorkerSettings#idle}, or until this process is told to end.
     * Returns at once if another worker is at it. Lets go of pipes, sockets and the working directory that this process
     * inherited, so it has to be called before any of its own is opened.
     *
     * @throws FailedException if the spool cannot be used
     */
    public static void run(WorkerSettings settings) throws IOException, FailedException {
        Detachment.detach();
        CountDownLatch ended = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Thread end = new Thread(() -> {
            worker.interrupt();
            try {
                boolean _ = ended.await(LAST_MOMENTS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            new ArchiveWorker(settings, InstantSource.system()).work();
        } finally {
            ended.countDown();
            WorkerLog.stop();
        }
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize();
        }
    }

    /** What {@link #run} does, without letting go of anything and without heeding the end of the process. */
    void work() throws IOException, FailedException {
        settings.spools().checkOutside(dataDirectory);
        spool.make();
        link();
        try {
            Optional<WorkerLock> lock = takeLock();
            if (lock.isPresent()) {
                workWith(lock.get());
            }
        } catch (InterruptedException e) {
            // Asked to end, which has been done.
            LOG.info("archive worker of cluster \"{}\" was told to end", settings.cluster());
        }
    }

    private void link() throws IOException {
        settings.spools().link(dataDirectory, spool);
        Path startedIn = real(settings.startedIn());
        if (Files.exists(ControlFile.in(startedIn))) {
            settings.spools().link(startedIn, spool);
        }
    }

    /** Waits a moment for one that is about to end. */
    private Optional<WorkerLock> takeLock() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Optional<WorkerLock> lock = WorkerLock.take(spool.lockFile());
        while (lock.isEmpty()
                && !Files.exists(spool.pidFile())
                && System.nanoTime() - begun < PATIENCE_FOR_LOCK.toNanos()) {
            Thread.sleep(LOCK_POLL);
            lock = WorkerLock.take(spool.lockFile());
        }
        return lock;
    }

    private void workWith(WorkerLock first) throws IOException, FailedException, InterruptedException {
        Activity activity = new Activity();
        WorkerLock lock = first;
        try (FolderWatch watch = new FolderWatch();
                Archives archives = new Archives(settings.cluster(), settings.repositories(), settings.jobs(), clock);
                WorkQueue queue = new WorkQueue(settings.jobs());
                FillingThread filling =
                        new FillingThread(new FillingUp(archives, settings.jobs()), dataDirectory).started()) {
            BacklogWatch backlog = new BacklogWatch(dataDirectory, spool, archives::limit, clock);
            WorkerCounts counts = new WorkerCounts(spool, clock);
            Pusher pusher = new Pusher(
                    settings.cluster(),
                    dataDirectory,
                    spool,
                    new ArchivesPush(archives, settings.compression(), clock),
                    queue,
                    activity,
                    backlog,
                    counts,
                    clock);
            Fetcher fetcher = new Fetcher(
                    spool, new ArchivesGet(archives), queue, activity, settings.readAhead(), settings.readAheadBytes());
            cleaning.atStart();
            announce();
            while (!serve(lock, watch, queue, pusher, fetcher, filling, activity, backlog, counts)) {
                // What was begun goes on, and its answers go to the new spool.
                lock.close();
                spool.make();
                link();
                Optional<WorkerLock> again = WorkerLock.take(spool.lockFile());
                if (again.isEmpty()) {
                    return;
                }
                lock = again.get();
                watch.forgetAll();
                announce();
                LOG.warn("spool folder \"{}\" was removed, it was made anew", spool.folder());
            }
        } finally {
            if (lock.isInPlace()) {
                Files.deleteIfExists(spool.pidFile());
            }
            lock.close();
        }
    }

    private void announce() throws IOException {
        WorkerLog.writeTo(spool.logFile());
        spool.leave(SpoolSettings.of(settings.pushTimeout(), settings.getTimeout(), settings.historyTimeout()));
        spool.announce(pid);
        LOG.info(
                "archive worker {} of cluster \"{}\" is here, data directory \"{}\"",
                pid,
                settings.cluster(),
                dataDirectory);
    }

    /** Works until there is nothing to do, then true, or until the spool was removed, then false. */
    private boolean serve(
            WorkerLock lock,
            FolderWatch watch,
            WorkQueue queue,
            Pusher pusher,
            Fetcher fetcher,
            FillingThread filling,
            Activity activity,
            BacklogWatch backlog,
            WorkerCounts counts)
            throws InterruptedException, IOException {
        long lookedAhead = System.nanoTime() - LOOK.toNanos();
        long cleaned = System.nanoTime();
        while (lock.isInPlace()) {
            try {
                watchFolders(watch, pusher);
                takeRequests(pusher, fetcher);
                long now = System.nanoTime();
                if (now - lookedAhead >= LOOK_WHEN_BUSY.toNanos()) {
                    lookedAhead = now;
                    pusher.lookAhead();
                }
                fetcher.lookAhead();
                backlog.look();
                counts.leave();
                if (now - cleaned >= CLEANING.toNanos()) {
                    cleaned = now;
                    cleaning.ofTheOld();
                }
                if (!Files.exists(spool.pidFile())) {
                    spool.announce(pid);
                }
                if (activity.idle().compareTo(settings.idle()) >= 0
                        && !queue.isBusy()
                        && !filling.hasWork()
                        && leave()) {
                    backlog.end();
                    counts.leaveNow();
                    return true;
                }
            } catch (IOException e) {
                LOG.warn("spool folder \"{}\": {}", spool.folder(), e.toString());
                Thread.sleep(LOOK_WHEN_BUSY);
            }
            boolean busy = activity.idle().compareTo(LOOK) < 0;
            watch.await(busy ? LOOK_WHEN_BUSY : LOOK);
        }
        return false;
    }

    private void watchFolders(FolderWatch watch, Pusher pusher) throws IOException {
        watch.add(spool.push());
        watch.add(spool.gets());
        watch.add(pusher.archiveStatus());
        for (Path folder : cleaning.folders()) {
            watch.add(folder);
        }
    }

    private void takeRequests(Pusher pusher, Fetcher fetcher) throws IOException {
        for (Request request : requests(spool.push())) {
            request.accept();
            pusher.request(request);
        }
        for (Path folder : cleaning.folders()) {
            for (Request request : requests(folder)) {
                request.accept();
                fetcher.request(request, folder);
            }
        }
    }

    private static List<Request> requests(Path folder) throws IOException {
        List<Request> requests = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + Request.SUFFIX)) {
            for (Path entry : entries) {
                Request.read(entry).ifPresent(requests::add);
            }
        } catch (NoSuchFileException e) {
            return requests;
        }
        return requests;
    }

    /**
     * Ends, unless a front asks for something at the last moment: once the process number is gone every front starts
     * another worker, so a request that was left before that is here now.
     */
    private boolean leave() throws IOException {
        Files.deleteIfExists(spool.pidFile());
        if (!requests(spool.push()).isEmpty()) {
            spool.announce(pid);
            return false;
        }
        for (Path folder : cleaning.folders()) {
            if (!requests(folder).isEmpty()) {
                spool.announce(pid);
                return false;
            }
        }
        cleaning.atEnd();
        LOG.info(
                "archive worker of cluster \"{}\" ends: nothing to do for {} s",
                settings.cluster(),
                settings.idle().toSeconds());
        return true;
    }
}

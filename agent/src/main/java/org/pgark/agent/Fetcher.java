package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.agent.WorkQueue.Urgency;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.wal.Answer;
import org.pgark.physical.wal.FetchedWal;
import org.pgark.physical.wal.Request;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.WalFetching;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches what fronts ask for into the spool, and the segments that follow before they are asked for. */
final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final Duration UNUSED = Duration.ofMinutes(2);

    private final Spool spool;
    private final WalFetching get;
    private final WorkQueue queue;
    private final Activity activity;
    private final int readAhead;
    private final long readAheadBytes;
    private final Map<Path, Job> jobs = new HashMap<>();
    private final Map<Path, ReadAhead> streams = new HashMap<>();

    Fetcher(Spool spool, WalFetching get, WorkQueue queue, Activity activity, int readAhead, long readAheadBytes) {
        this.spool = spool;
        this.get = get;
        this.queue = queue;
        this.activity = activity;
        this.readAhead = readAhead;
        this.readAheadBytes = readAheadBytes;
    }

    /**
     * Takes on what a front asks for.
     *
     * @param folder the folder of the request, named by system identifier
     */
    synchronized void request(Request request, Path folder) {
        activity.now();
        try {
            WalFileName name = WalFileName.parse(request.name());
            SystemIdentifier system = system(folder, request);
            Path target = folder.resolve(request.name());
            if (!jobs.containsKey(target) && Files.exists(target)) {
                handedOut(folder, name, Files.size(target));
                Job.answer(request, new Answer.Present(), spool);
                return;
            }
            Job job = jobs.computeIfAbsent(target, _ -> new Job());
            job.join(request);
            queue.submit(Urgency.REQUESTED, request.name(), () -> work(job, system, name, target));
        } catch (IllegalArgumentException e) {
            RefusedException refused =
                    new RefusedException("invalid_wal_file_name", String.valueOf(e.getMessage()), "", e);
            Job.answer(request, Answer.Failed.of(refused), spool);
        } catch (IOException e) {
            Job.answer(request, new Answer.Failed(String.valueOf(e), ""), spool);
        }
    }

    private static SystemIdentifier system(Path folder, Request request) throws IOException {
        String name = String.valueOf(folder.getFileName());
        return name.equals(Spool.UNKNOWN_SYSTEM)
                ? ControlFile.read(request.directory()).systemIdentifier()
                : SystemIdentifier.parse(name);
    }

    private void work(Job job, SystemIdentifier system, WalFileName name, Path target) {
        synchronized (this) {
            if (!job.begin()) {
                return;
            }
        }
        long begun = System.nanoTime();
        try {
            boolean settled = false;
            while (!settled) {
                boolean awaited = isAwaited(job);
                Optional<FetchedWal> fetched = fetch(system, name, target, awaited);
                fetched.ifPresent(wal -> LOG.info(
                        wal.growing()
                                ? "fetched what there is of {} in {} s, {} bytes"
                                : "fetched {} in {} s, {} bytes",
                        name,
                        Seconds.since(begun),
                        wal.size()));
                settled = done(job, name, target, fetched, awaited);
            }
        } catch (OperationException e) {
            failed(job, name, target, e);
        } catch (IOException e) {
            failed(
                    job,
                    name,
                    target,
                    new FailedException(
                            "wal_get_failed", "WAL file \"" + name + "\" cannot be put into the spool: " + e, "", e));
        } catch (RuntimeException e) {
            LOG.error("fetching {} failed", name, e);
            failed(job, name, target, new FailedException("bug", e.toString(), "This is a defect of pgark.", e));
        }
    }

    private synchronized boolean isAwaited(Job job) {
        return job.isAwaited();
    }

    private Optional<FetchedWal> fetch(SystemIdentifier system, WalFileName name, Path target, boolean awaited)
            throws OperationException {
        if (awaited) {
            return get.fetch(system, name, unsettled(target));
        }
        OptionalLong size = get.getArchived(system, name, target);
        return size.isPresent() ? Optional.of(new FetchedWal(size.getAsLong(), false)) : Optional.empty();
    }

    /** Where a file lies of which it is not known yet whether it is whole. */
    private static Path unsettled(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".fetched");
    }

    /** False if a front has come to wait for what was only looked for ahead, and not found whole. */
    private synchronized boolean done(
            Job job, WalFileName name, Path target, Optional<FetchedWal> fetched, boolean awaited) throws IOException {
        if (fetched.isEmpty() && !awaited && job.isAwaited()) {
            return false;
        }
        Path folder = spool.gets().resolve(String.valueOf(target.getName(target.getNameCount() - 2)));
        boolean growing = fetched.filter(FetchedWal::growing).isPresent();
        if (growing) {
            handOver(unsettled(target), job.waiting());
        } else if (fetched.isPresent() && awaited) {
            Files.move(unsettled(target), target, StandardCopyOption.ATOMIC_MOVE);
        }
        jobs.remove(target);
        if (fetched.isEmpty()) {
            stopAhead(folder, name);
            job.answer(new Answer.Absent(), spool);
            return true;
        }
        activity.now();
        if (job.isAwaited()) {
            handedOut(folder, name, fetched.get().size());
        } else if (name instanceof WalFileName.Segment segment) {
            stream(folder).fetched(segment.name());
        }
        job.answer(growing ? new Answer.Running() : new Answer.Present(), spool);
        return true;
    }

    /**
     * Gives each front a file of its own: under the segment's name it would be taken later, by a server that is to have more of
     * it, if the one that asked has gone meanwhile.
     */
    private static void handOver(Path file, List<Request> requests) throws IOException {
        for (int index = 1; index < requests.size(); index++) {
            Files.copy(file, requests.get(index).ownFile(), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(file, requests.getFirst().ownFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private synchronized void failed(Job job, WalFileName name, Path target, OperationException failure) {
        jobs.remove(target);
        LOG.warn("{} is not fetched: {}", name, failure.getMessage());
        stopAhead(spool.gets().resolve(String.valueOf(target.getName(target.getNameCount() - 2))), name);
        job.answer(Answer.Failed.of(failure), spool);
    }

    private ReadAhead stream(Path folder) {
        return streams.computeIfAbsent(folder, _ -> new ReadAhead(readAhead, readAheadBytes));
    }

    private void handedOut(Path folder, WalFileName name, long bytes) {
        if (name instanceof WalFileName.Segment segment) {
            stream(folder).handedOut(segment.name(), new WalSegmentSize(Math.toIntExact(bytes)));
        }
    }

    private void stopAhead(Path folder, WalFileName name) {
        if (name instanceof WalFileName.Segment segment) {
            stream(folder).stop(segment.name());
        }
    }

    /** Fetches what will be asked for next, and clears away what will not. */
    synchronized void lookAhead() throws IOException {
        for (Map.Entry<Path, ReadAhead> entry : streams.entrySet()) {
            Path folder = entry.getKey();
            if (folder.endsWith(Spool.UNKNOWN_SYSTEM)) {
                continue;
            }
            discard(folder, entry.getValue().stale(UNUSED));
            List<WalSegmentName> next = entry.getValue().next(folder);
            SystemIdentifier system = SystemIdentifier.parse(String.valueOf(folder.getFileName()));
            for (WalSegmentName segment : next) {
                Path target = folder.resolve(segment.toString());
                Optional<Job> known = Optional.ofNullable(jobs.get(target));
                if (known.isEmpty()) {
                    Job job = new Job();
                    jobs.put(target, job);
                    queue.submit(
                            Urgency.AHEAD,
                            segment.toString(),
                            () -> work(job, system, new WalFileName.Segment(segment), target));
                }
            }
        }
    }

    private static void discard(Path folder, Collection<WalSegmentName> segments) throws IOException {
        for (WalSegmentName segment : segments) {
            Files.deleteIfExists(folder.resolve(segment.toString()));
        }
    }
}

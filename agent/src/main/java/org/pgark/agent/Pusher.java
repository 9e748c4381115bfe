package org.pgark.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.agent.WorkQueue.Urgency;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.several.ArchivesPush;
import org.pgark.physical.wal.Answer;
import org.pgark.physical.wal.PushedFile;
import org.pgark.physical.wal.Request;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.Verdict;
import org.pgark.physical.wal.WalPushing;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.PutSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives what a front asks for, and from then on, ahead of the fronts, what the server has marked as ready, of which
 * verdicts are left.
 *
 * <p>Failures are told to a front that waits; what fails ahead is tried again later. A fault of the repository stops
 * everything that nobody waits for, a file that is refused only itself.
 */
final class Pusher {
    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);
    private static final String READY = ".ready";
    private static final String VERDICT = ".verdict";
    private static final String HISTORY = ".history";
    private static final String EVERYTHING = "";
    private static final Duration HANGING = Duration.ofSeconds(20);
    /** Keeps the folder short, which is read whenever something in it changes. */
    private static final int MOST_VERDICTS = 256;

    private final String cluster;
    private final Path dataDirectory;
    private final Spool spool;
    private final WalPushing push;
    private final WorkQueue queue;
    private final Activity activity;
    private final Map<String, Job> jobs = new HashMap<>();
    private final PushOrder order = new PushOrder();
    private final Set<String> trusted = new HashSet<>();
    /** The server has the word on these, or soon will, and has not taken their mark away yet. */
    private final Set<String> handedOver = new HashSet<>();

    private final Set<String> refused = new HashSet<>();
    private final Retries retries;
    private final BacklogWatch backlog;
    private final WorkerCounts counts;
    private String lastFault = "";
    /** A server that recovers has marks too, of what was archived before it was restored or will never be. */
    private boolean serverArchives;

    /** @param dataDirectory its real path */
    Pusher(
            String cluster,
            Path dataDirectory,
            Spool spool,
            WalPushing push,
            WorkQueue queue,
            Activity activity,
            BacklogWatch backlog,
            WorkerCounts counts,
            InstantSource clock) {
        this.cluster = cluster;
        this.dataDirectory = dataDirectory;
        this.spool = spool;
        this.push = push;
        this.queue = queue;
        this.activity = activity;
        this.backlog = backlog;
        this.counts = counts;
        this.retries = new Retries(clock);
    }

    /** Where the server marks what is ready. */
    Path archiveStatus() {
        return dataDirectory.resolve("pg_wal").resolve("archive_status");
    }

    /** Takes on what a front asks for. */
    synchronized void request(Request request) {
        activity.now();
        try {
            Path directory = request.directory().toRealPath();
            if (!directory.equals(dataDirectory)) {
                Job.answer(request, Answer.Failed.of(foreign(directory)), spool);
                return;
            }
            serverArchives = true;
            Job job = jobs.get(request.name());
            if (job == null && useVerdict(request)) {
                Job.answer(request, new Answer.Archived(), spool);
                return;
            }
            if (job == null && !retries.mayTry(EVERYTHING) && !refused.contains(request.name())) {
                // A repository that failed a moment ago would only keep the server from what it may let go.
                Optional<Answer.Released> released = backlog.release(request.name(), false, lastFault);
                if (released.isPresent()) {
                    Job.answer(request, released.get(), spool);
                    return;
                }
            }
            enqueue(Urgency.REQUESTED, request.name(), request.path(), Optional.of(request));
        } catch (IOException e) {
            Job.answer(request, new Answer.Failed(String.valueOf(e), ""), spool);
        }
    }

    private RefusedException foreign(Path directory) {
        return new RefusedException(
                "foreign_data_directory",
                "cluster \"" + cluster + "\" has its data directory at \"" + dataDirectory + "\", WAL of \"" + directory
                        + "\" is not archived for it",
                "Set archive_mode to off there, or give it a cluster name of its own with \"pgark init\".");
    }

    private boolean useVerdict(Request request) throws IOException {
        Path verdictFile = spool.verdict(request.name());
        Optional<Verdict> verdict = Verdict.read(verdictFile);
        Files.deleteIfExists(verdictFile);
        trusted.remove(request.name());
        if (verdict.isEmpty() || covers(verdict.get(), request.path()) != Cover.YES) {
            return false;
        }
        handedOver.add(request.name());
        return true;
    }

    private enum Cover {
        YES,
        NO,
        UNKNOWN
    }

    private Cover covers(Verdict verdict, Path file) {
        try {
            return push.covers(verdict, dataDirectory, file) ? Cover.YES : Cover.NO;
        } catch (RefusedException e) {
            return Cover.NO;
        } catch (OperationException e) {
            return Cover.UNKNOWN;
        }
    }

    /** Archives what the server has marked as ready and what has no verdict yet; clears verdicts nobody will use. */
    synchronized void lookAhead() throws IOException {
        if (!serverArchives) {
            return;
        }
        Set<String> verdicts = names(spool.push(), VERDICT);
        List<String> ready = new ArrayList<>(names(archiveStatus(), READY));
        handedOver.retainAll(ready);
        refused.retainAll(ready);
        for (String name : List.copyOf(trusted)) {
            if (!verdicts.contains(name)) {
                trusted.remove(name);
                handedOver.add(name);
                activity.now();
            }
        }
        releaseWhatHangs();
        if (!retries.mayTry(EVERYTHING)) {
            return;
        }
        ready.sort(Pusher::inOrder);
        for (String name : ready) {
            if (jobs.size() + verdicts.size() >= MOST_VERDICTS) {
                break;
            }
            Path file = dataDirectory.resolve("pg_wal").resolve(name);
            boolean archived = trusted.contains(name)
                    || handedOver.contains(name)
                    || (verdicts.contains(name) && trust(name, file));
            if (!archived
                    && !jobs.containsKey(name)
                    && !isBehindRefused(name)
                    && retries.mayTry(name)
                    && Files.exists(file)) {
                enqueue(name.endsWith(HISTORY) ? Urgency.HISTORY : Urgency.AHEAD, name, file, Optional.empty());
            }
        }
    }

    /** The server must not wait without end for a repository that neither takes a file nor refuses it. */
    private void releaseWhatHangs() {
        jobs.forEach((name, job) -> {
            if (job.isAwaitedFor(HANGING) && !refused.contains(name)) {
                backlog.release(name, false, "it has been under way for " + HANGING.toSeconds() + " s")
                        .ifPresent(released -> job.answer(released, spool));
            }
        });
    }

    /**
     * Whether a segment of the same timeline before it was refused. What comes after it is of a history that the archive
     * does not have, and would look there as if it went on with the archive's.
     */
    private boolean isBehindRefused(String name) {
        return WalSegmentName.isName(name)
                && refused.stream()
                        .filter(WalSegmentName::isName)
                        .anyMatch(before -> before.compareTo(name) < 0
                                && WalSegmentName.parse(before)
                                        .timeline()
                                        .equals(WalSegmentName.parse(name).timeline()));
    }

    private static int inOrder(String one, String other) {
        boolean history = one.endsWith(HISTORY);
        return history == other.endsWith(HISTORY) ? one.compareTo(other) : history ? -1 : 1;
    }

    /** A verdict of an earlier worker; while it cannot be found out whether it is true, it is neither used nor lost. */
    private boolean trust(String name, Path file) throws IOException {
        Optional<Verdict> verdict = Verdict.read(spool.verdict(name));
        Cover cover = verdict.isEmpty() ? Cover.NO : covers(verdict.get(), file);
        switch (cover) {
            case YES -> trusted.add(name);
            case NO -> Files.deleteIfExists(spool.verdict(name));
            case UNKNOWN -> {}
        }
        return cover != Cover.NO;
    }

    private static Set<String> names(Path folder, String ending) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.endsWith(ending) && !name.startsWith(".")) {
                    names.add(name.substring(0, name.length() - ending.length()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return names;
        }
        return names;
    }

    private void enqueue(Urgency urgency, String name, Path file, Optional<Request> request) {
        Job job = jobs.computeIfAbsent(name, _ -> new Job());
        request.ifPresent(job::join);
        PushOrder.Turn turn = order.expect(name);
        queue.submit(urgency, name, () -> work(job, name, file, turn));
    }

    private void work(Job job, String name, Path file, PushOrder.Turn turn) {
        PutSteps steps;
        synchronized (this) {
            if (!job.isAwaited() && isBehindRefused(name)) {
                jobs.remove(name);
                turn.end(PushOrder.Fate.UNKNOWN);
                return;
            }
            if (job.isAwaited()) {
                turn.beginAtOnce();
                steps = turn.ahead();
            } else if (job.hasBegun() || turn.begin()) {
                steps = turn;
            } else {
                queue.submit(
                        name.endsWith(HISTORY) ? Urgency.HISTORY : Urgency.AHEAD,
                        name,
                        () -> work(job, name, file, turn));
                return;
            }
            if (!job.begin()) {
                return;
            }
        }
        long begun = System.nanoTime();
        try {
            PushedFile pushed = push.push(dataDirectory, file, steps);
            LOG.info(
                    switch (pushed.result()) {
                        case STORED -> "archived {} in {} s, {} bytes";
                        case SAME_ALREADY_THERE -> "{} was archived already, {} s, {} bytes";
                        case MENDED -> "{} was damaged in the archive and was replaced, {} s, {} bytes";
                    },
                    name,
                    Seconds.since(begun),
                    pushed.identity().size());
            done(job, name, pushed, turn);
        } catch (OperationException e) {
            failed(job, name, e, turn);
        } catch (RuntimeException | Error e) {
            LOG.error("archiving {} failed", name, e);
            failed(job, name, new FailedException("bug", e.toString(), "This is a defect of pgark.", e), turn);
        }
    }

    private synchronized void done(Job job, String name, PushedFile pushed, PushOrder.Turn turn) {
        turn.end(PushOrder.Fate.STORED);
        activity.now();
        counts.archived();
        jobs.remove(name);
        refused.remove(name);
        retries.succeeded(name);
        retries.succeeded(EVERYTHING);
        if (job.isAwaited()) {
            handedOver.add(name);
            job.answer(new Answer.Archived(), spool);
            return;
        }
        try {
            Verdict.on(pushed, dataDirectory).write(spool.verdict(name));
            trusted.add(name);
        } catch (IOException e) {
            LOG.warn("verdict on {} cannot be left in the spool: {}", name, e.toString());
            retries.failed(name);
        }
    }

    private synchronized void failed(Job job, String name, OperationException failure, PushOrder.Turn turn) {
        // Which repository is away was told once; each segment that waits for it would tell it again and again.
        boolean partly = failure.code().equals(ArchivesPush.NOT_EVERYWHERE);
        turn.end(
                failure instanceof RefusedException
                        ? PushOrder.Fate.REFUSED
                        : partly ? PushOrder.Fate.STORED : PushOrder.Fate.UNKNOWN);
        jobs.remove(name);
        if (failure.getCause() instanceof OutOfTurnException) {
            LOG.info("{} is not archived: {}", name, failure.getMessage());
            job.answer(Answer.Failed.of(failure), spool);
            return;
        }
        counts.failed(name, String.valueOf(failure.getMessage()));
        if (!partly || job.isAwaited()) {
            LOG.warn(
                    "{} is not archived: {}{}",
                    name,
                    failure.getMessage(),
                    failure.hint().map(hint -> " (" + hint + ")").orElse(""));
        }
        if (partly) {
            // The repositories that answer get everything that is ready, whatever the others do.
            retries.failed(name);
        } else if (failure instanceof RefusedException) {
            refused.add(name);
            retries.failed(name);
        } else {
            retries.failed(EVERYTHING);
            lastFault = String.valueOf(failure.getMessage());
        }
        // Behind a file of another history nothing else of that may get into the archive.
        Optional<Answer.Released> released = job.isAwaited() && !(failure instanceof RefusedException)
                ? backlog.release(name, partly, String.valueOf(failure.getMessage()))
                : Optional.empty();
        job.answer(released.<Answer>map(answer -> answer).orElseGet(() -> Answer.Failed.of(failure)), spool);
    }
}

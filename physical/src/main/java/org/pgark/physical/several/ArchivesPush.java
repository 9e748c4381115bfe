package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.ArchivePlace;
import org.pgark.physical.wal.CheckedWalFile;
import org.pgark.physical.wal.PushedFile;
import org.pgark.physical.wal.Verdict;
import org.pgark.physical.wal.WalPush;
import org.pgark.physical.wal.WalPushing;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.RepositoryId;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.archive.PutSteps;
import org.pgark.repository.frame.Compression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives files of a data directory in all repositories of a cluster, each read and compressed once. A file counts as
 * archived when those repositories have it that are required; the others get it at the same time, or later from one that
 * has it.
 *
 * <p>A repository that may lack something gets a file only after another one took it: what it refuses as other content
 * than its own is refused by all.
 */
public final class ArchivesPush implements WalPushing {
    /** The code of a failure where some repository has the file, though not all that must. */
    public static final String NOT_EVERYWHERE = "wal_not_everywhere";

    private static final Logger LOG = LoggerFactory.getLogger(ArchivesPush.class);
    private static final String CONTENT_DIFFERS = "wal_content_differs";
    /** Larger files are not held in memory, but read once for each repository. */
    private static final long MOST_HELD = 64L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Archives archives;
    private final Compression compression;
    private final InstantSource clock;
    private final Duration patience;
    private final Deliveries deliveries = new Deliveries();
    private final Succession succession = new Succession();

    /** Into these archives. */
    public ArchivesPush(Archives archives, Compression compression, InstantSource clock) {
        this(archives, compression, clock, PATIENCE);
    }

    /** @param patience how long a repository may take for one file before the others go on without it */
    ArchivesPush(Archives archives, Compression compression, InstantSource clock, Duration patience) {
        this.patience = patience;
        this.archives = archives;
        this.compression = compression;
        this.clock = clock;
    }

    @Override
    public PushedFile push(Path dataDirectory, Path file, PutSteps steps) throws OperationException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            Lane only = current.lanes().getFirst();
            return new WalPush(only.access(), compression).push(dataDirectory, file, steps);
        }
        try {
            return new OneFile(current, dataDirectory, file, steps).push();
        } finally {
            succession.passed(file);
        }
    }

    @Override
    public boolean covers(Verdict verdict, Path dataDirectory, Path file) throws OperationException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            return new WalPush(current.lanes().getFirst().access(), compression).covers(verdict, dataDirectory, file);
        }
        return new VerdictCheck(current).covers(verdict, dataDirectory, file);
    }

    /** What became of a file in one repository. */
    private record Outcome(Lane lane, Optional<OperationException> failure) {}

    /** There is nothing under a file's name only once that is so in all repositories. */
    private static final class LaneSteps implements PutSteps {
        private final PutSteps steps;
        private final AtomicInteger unknown;

        LaneSteps(PutSteps steps, int lanes) {
            this.steps = steps;
            this.unknown = new AtomicInteger(lanes);
            if (lanes == 0) {
                steps.nothingThere();
            }
        }

        @Override
        public void nothingThere() {
            if (unknown.decrementAndGet() == 0) {
                steps.nothingThere();
            }
        }

        @Override
        public void beforeCommit() {
            // Waited for once, before it is sent anywhere.
        }
    }

    /** One file on its way to several repositories. */
    private final class OneFile {
        private final Archives.Current current;
        private final Path dataDirectory;
        private final Path file;
        private final PutSteps all;
        private PutSteps steps = PutSteps.UNWATCHED;
        private final SystemIdentifier system;
        private final Deliveries.Delivery delivery;
        private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        private final Map<String, OperationException> failures = new LinkedHashMap<>();
        private Optional<CheckedWalFile> read = Optional.empty();

        OneFile(Archives.Current current, Path dataDirectory, Path file, PutSteps steps) throws OperationException {
            this.current = current;
            this.all = steps;
            this.dataDirectory = dataDirectory;
            this.file = file;
            try {
                this.system = ControlFile.read(dataDirectory).systemIdentifier();
                this.delivery = deliveries.of(file, system);
            } catch (IOException e) {
                throw new FailedException(
                        "wal_push_failed", "WAL file \"" + file + "\" cannot be archived: " + e.getMessage(), "", e);
            }
        }

        PushedFile push() throws OperationException {
            succession.passing(file);
            List<Lane> clean = new ArrayList<>();
            List<Lane> behind = new ArrayList<>();
            for (Lane lane : current.lanes()) {
                Optional<OperationException> away = lane.away();
                if (away.isPresent()) {
                    failures.put(lane.name(), away.get());
                    lane.missed();
                    succession.skips(file, lane);
                } else if (!has(lane)) {
                    (lane.isBehind() ? behind : clean).add(lane);
                }
            }
            boolean nothingThere = delivery.isEmpty();
            try {
                if (clean.isEmpty() && !behind.isEmpty()) {
                    clean.add(behind.removeFirst());
                }
                if (!clean.isEmpty()) {
                    prepare();
                }
                steps = new LaneSteps(all, clean.size() + behind.size());
                awaitTurn();
                PutResult result = send(clean);
                List<Lane> following = new ArrayList<>();
                for (Lane lane : behind) {
                    if (mayFollow(lane)) {
                        following.add(lane);
                    }
                }
                if (!following.isEmpty()) {
                    PutResult further = send(following);
                    result = further == PutResult.STORED ? further : result;
                }
                if (!isMet()) {
                    throw notEverywhere();
                }
                return pushed(nothingThere ? result : PutResult.STORED);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailedException("interrupted", "archiving \"" + file + "\" was interrupted", "", e);
            }
        }

        /**
         * Whether a repository that was left behind may get it now: nothing before it is on its way into others only, and the
         * newest WAL there is that of the others. What comes behind segments of another history is refused by all.
         */
        private boolean mayFollow(Lane lane) throws RefusedException {
            try {
                succession.requireNothingPassing(file, lane);
                for (Lane other : lane.isAgreed() ? List.<Lane>of() : current.lanes()) {
                    if (other != lane && delivery.in(other.name()).isPresent()) {
                        succession.requireCommonHistory(file, lane, other, system);
                    }
                }
                return true;
            } catch (FailedException e) {
                failures.put(lane.name(), e);
                return false;
            }
        }

        private void awaitTurn() throws FailedException {
            try {
                all.beforeCommit();
            } catch (IOException e) {
                throw new FailedException(
                        "wal_push_failed",
                        "WAL file \"" + file.getFileName() + "\" cannot be archived: " + e.getMessage(),
                        "",
                        e);
            }
        }

        private PushedFile pushed(PutResult result) {
            ArchivePlace place = ArchivePlace.of(delivery.inWords(), current.configured());
            if (delivery.names().containsAll(current.names())) {
                deliveries.forget(file);
            }
            WalFileName name = WalFileName.parse(String.valueOf(file.getFileName()));
            return new PushedFile(name, file, result, system, delivery.identity(), place);
        }

        private boolean isMet() {
            return current.requirement().isMet(delivery.names(), current.names());
        }

        /** Whether it is known to be in the repository that is in this place now. */
        private boolean has(Lane lane) {
            Optional<RepositoryId> known = delivery.in(lane.name());
            if (known.isEmpty()) {
                return false;
            }
            try (ArchiveAccess.Use use = lane.access().use(system)) {
                if (use.repositoryId().equals(known.get())) {
                    return true;
                }
            } catch (OperationException e) {
                lane.failed(e);
                failures.put(lane.name(), e);
                return true;
            }
            delivery.forget(lane.name());
            lane.missed();
            return false;
        }

        /** Sends it to these at the same time, and waits until the requirement is met or nobody is left to wait for. */
        private PutResult send(List<Lane> lanes) throws OperationException, InterruptedException {
            if (lanes.isEmpty()) {
                return PutResult.SAME_ALREADY_THERE;
            }
            int waitingFor = 0;
            for (Lane lane : lanes) {
                boolean needed = current.requirement().needs(lane.name());
                if (lane.execute(() -> deliver(lane), needed ? patience : Duration.ZERO)) {
                    waitingFor++;
                } else if (needed) {
                    giveUpWaiting(List.of(lane));
                }
            }
            PutResult result = PutResult.SAME_ALREADY_THERE;
            while (waitingFor > 0 && !(isMet() && !(current.requirement() instanceof Requirement.All))) {
                Outcome outcome = outcomes.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (outcome == null) {
                    giveUpWaiting(lanes);
                    return result;
                }
                waitingFor--;
                if (outcome.failure().isPresent()) {
                    note(outcome.lane(), outcome.failure().get());
                } else {
                    result = PutResult.STORED;
                }
            }
            return result;
        }

        /** A repository that hangs must not keep the others from getting what comes next. */
        private void giveUpWaiting(List<Lane> lanes) {
            for (Lane lane : lanes) {
                if (!delivery.names().contains(lane.name()) && !failures.containsKey(lane.name())) {
                    FailedException hangs = new FailedException(
                            "repository_hangs", "it has not answered for " + patience.toSeconds() + " s", "");
                    failures.put(lane.name(), hangs);
                    lane.failed(hangs);
                }
            }
        }

        private void note(Lane lane, OperationException failure) throws RefusedException {
            failures.put(lane.name(), failure);
            if (failure instanceof RefusedException refused && refused.code().equals(CONTENT_DIFFERS)) {
                throw new RefusedException(
                        CONTENT_DIFFERS,
                        "repository \"" + lane.name() + "\": " + refused.getMessage(),
                        refused.hint().orElse(""),
                        refused);
            }
        }

        private void prepare() throws OperationException {
            try {
                if (read.isEmpty() && Files.size(file) <= MOST_HELD) {
                    read = Optional.of(WalPush.read(dataDirectory, file, compression, clock));
                }
            } catch (IOException e) {
                throw new FailedException("wal_file_missing", "WAL file \"" + file + "\" does not exist", "", e);
            }
        }

        /** On a thread of the lane. */
        private void deliver(Lane lane) {
            Optional<OperationException> failure = Optional.empty();
            try {
                RepositoryId id;
                try (ArchiveAccess.Use use = lane.access().use(system)) {
                    id = use.repositoryId();
                }
                WalPush push = new WalPush(lane.access(), compression);
                PushedFile pushed =
                        read.isPresent() ? push.push(read.get(), steps) : push.push(dataDirectory, file, steps);
                if (!pushed.identity().equals(delivery.identity())) {
                    throw new FailedException(
                            "wal_file_changed", "WAL file \"" + file + "\" was changed while it was archived", "");
                }
                refuseTwin(lane, id, delivery.add(lane.name(), id));
                lane.answered();
                LOG.debug("{} is in repository \"{}\"", file.getFileName(), lane.name());
            } catch (OperationException e) {
                failure = Optional.of(e);
                if (!e.code().equals(CONTENT_DIFFERS) && !e.code().equals("wal_file_changed")) {
                    lane.failed(e);
                }
            } catch (RuntimeException e) {
                LOG.error("archiving {} in repository \"{}\" failed", file.getFileName(), lane.name(), e);
                FailedException bug = new FailedException("bug", e.toString(), "This is a defect of pgark.", e);
                failure = Optional.of(bug);
                lane.failed(bug);
            }
            outcomes.add(new Outcome(lane, failure));
        }

        /** The same repository twice is one copy, not two. */
        private static void refuseTwin(Lane lane, RepositoryId id, Optional<String> twin) throws RefusedException {
            if (twin.isPresent()) {
                throw new RefusedException(
                        "same_repository",
                        "repositories \"" + twin.get() + "\" and \"" + lane.name() + "\" are the same, " + id,
                        "A second repository is made by \"pgark init\", not by copying the first with --all.");
            }
        }

        private OperationException notEverywhere() {
            String missing = failures.entrySet().stream()
                    .filter(entry -> !delivery.names().contains(entry.getKey()))
                    .map(entry -> "not in \"" + entry.getKey() + "\": "
                            + entry.getValue().getMessage())
                    .collect(Collectors.joining("; "));
            String hint = failures.values().stream()
                    .map(failure -> failure.hint().orElse(""))
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("");
            if (delivery.isEmpty()) {
                return new FailedException(
                        "wal_push_failed",
                        "WAL file \"" + file.getFileName() + "\" is in no repository, " + missing,
                        hint);
            }
            return new FailedException(
                    NOT_EVERYWHERE,
                    "WAL file \"" + file.getFileName() + "\" is in " + quoted(delivery) + ", but " + missing,
                    hint);
        }

        private static String quoted(Deliveries.Delivery delivery) {
            return delivery.names().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        }
    }
}

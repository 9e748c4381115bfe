package org.pgark.physical.retention;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.RetentionView;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.RunningSegments;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.retention.Branch;
import org.pgark.repository.retention.Candidate;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.repository.retention.Fate;
import org.pgark.repository.retention.RetentionDecision;
import org.pgark.repository.retention.RetentionPolicy;
import org.pgark.repository.retention.WalNeeds;

/**
 * Lets go what the policy of a cluster does not keep.
 *
 * <p>May be killed at any instruction and run beside backups, restores, collectors and others of its kind: what goes, goes
 * by an entry of the log that is only added while what was decided on holds; only then is WAL deleted, which from that
 * entry on nobody counts on. What a killed one has not deleted, the next one does.
 */
public final class Expiry {
    private static final int ATTEMPTS = 20;

    private final List<ClusterRepository> incarnations;
    private final RetentionPolicy policy;
    private final ProgressListener progress;
    private final boolean trustsClock;

    /** For one cluster with all its incarnations; lets nothing go where the clock may have been wrong. */
    public Expiry(List<ClusterRepository> incarnations, RetentionPolicy policy, ProgressListener progress) {
        this(incarnations, policy, progress, false);
    }

    /**
     * For one cluster with all its incarnations.
     *
     * @param trustsClock whether all times are right, whatever speaks against it
     */
    public Expiry(
            List<ClusterRepository> incarnations,
            RetentionPolicy policy,
            ProgressListener progress,
            boolean trustsClock) {
        this.trustsClock = trustsClock;
        this.incarnations = List.copyOf(incarnations);
        this.policy = policy;
        this.progress = progress;
    }

    /** What is known of one incarnation. */
    private record Known(ClusterRepository repository, RetentionView view, RepositoryWal wal, List<Branch> branches) {
        String name() {
            return repository.incarnation().id().value();
        }
    }

    /** Says what {@link #run} would do; writes nothing. */
    public ExpiryPlan plan(Instant clock) throws IOException {
        List<Known> known = new ArrayList<>();
        for (ClusterRepository incarnation : incarnations) {
            RetentionView view = incarnation.retentionView();
            RepositoryWal wal = new RepositoryWal(incarnation);
            known.add(new Known(incarnation, view, wal, branches(incarnation, view, wal)));
        }
        List<Instant> proven = proven(known);
        if (proven.isEmpty()) {
            return new ExpiryPlan(clock, Optional.empty(), Optional.empty(), List.of(), ExpiryPlan.Locked.NONE);
        }
        Instant newest = Collections.max(proven);
        Instant now = newest.isBefore(clock) ? newest : clock;
        List<Candidate> candidates = new ArrayList<>();
        for (Known one : known) {
            for (BackupRecord backup : one.view.backups()) {
                candidates.add(candidate(one, backup, now));
            }
        }
        List<Branch> branches =
                known.stream().flatMap(one -> one.branches.stream()).toList();
        List<Fate> fates = RetentionDecision.decide(policy, candidates, branches, now);
        List<ExpiryPlan.Part> parts = new ArrayList<>();
        for (Known one : known) {
            parts.add(part(one, fates, branches));
        }
        return new ExpiryPlan(clock, Optional.of(now), doubt(known, proven, now), parts, ExpiryPlan.Locked.NONE);
    }

    private static List<Branch> branches(ClusterRepository repository, RetentionView view, RepositoryWal wal)
            throws IOException {
        NavigableSet<Timeline> timelines = new TreeSet<>(wal.timelines());
        for (BackupRecord backup : view.backups()) {
            timelines.add(backup.wal().startTimeline());
            timelines.add(backup.wal().stopTimeline());
        }
        List<Branch> branches = new ArrayList<>();
        for (Timeline timeline : timelines) {
            NavigableSet<Long> numbers = wal.segmentNumbers(timeline);
            branches.add(new Branch(
                    repository.incarnation().id().value(),
                    wal.history(timeline),
                    Stream.concat(wal.lastTransaction(timeline).stream(), wal.lastArchived(timeline).stream())
                            .max(Comparator.naturalOrder()),
                    numbers.isEmpty() ? -1 : numbers.last(),
                    wal.segmentSize()));
        }
        return branches;
    }

    private Optional<String> doubt(List<Known> known, List<Instant> proven, Instant now) throws IOException {
        if (policy.isEmpty() || trustsClock) {
            return Optional.empty();
        }
        for (Known one : known) {
            Optional<String> disorder = ClockDoubt.order(one.view.backups());
            if (disorder.isPresent()) {
                return disorder;
            }
        }
        return ClockDoubt.of(
                policy,
                now,
                proven,
                known.stream()
                        .flatMap(one -> one.view.backups().stream())
                        .map(Expiry::time)
                        .toList(),
                known.stream()
                        .flatMap(one -> one.view.care().holds().values().stream())
                        .toList(),
                known.stream().map(Known::wal).toList());
    }

    /** When backups and the last transactions of timelines ended. */
    private static List<Instant> proven(List<Known> known) throws IOException {
        List<Instant> instants = new ArrayList<>();
        for (Known one : known) {
            one.view.backups().forEach(backup -> instants.add(time(backup)));
            for (Branch branch : one.branches) {
                one.wal.lastTransaction(branch.history().timeline()).ifPresent(instants::add);
            }
        }
        return instants;
    }

    /** To any instant since then, and to none before, the cluster can be restored from the backup. */
    private static Instant time(BackupRecord backup) {
        return BackupPoint.of(backup).stopTime();
    }

    private static Candidate candidate(Known known, BackupRecord backup, Instant now) throws IOException {
        String id = backup.id().value();
        BackupRecord.WalSpan wal = backup.wal();
        Optional<Hold> hold =
                Optional.ofNullable(known.view.care().holds().get(id)).filter(found -> found.holdsAt(now));
        return new Candidate(
                id,
                known.name(),
                wal.stopTimeline(),
                wal.stopLsn(),
                time(backup),
                new Candidate.WalNumbers(
                        wal.startTimeline(),
                        Math.min(
                                wal.first().number(wal.segmentSize()),
                                Long.divideUnsigned(
                                        wal.redoLsn().value(), wal.segmentSize().bytes())),
                        wal.last().number(wal.segmentSize())),
                unusable(known, backup),
                hold.map(Expiry::describe),
                hold.map(Hold::archival).orElse(false),
                reader(known.view, id, now));
    }

    /** Who reads a backup now, or may still fetch WAL after it was restored. */
    private static String reader(RetentionView view, String id, Instant now) {
        return Optional.ofNullable(view.readers().get(id))
                .or(() -> Optional.ofNullable(view.care().replays().get(id))
                        .filter(replay -> replay.until().isAfter(now))
                        .map(Replay::describe))
                .orElse("");
    }

    private static String unusable(Known known, BackupRecord backup) throws IOException {
        if (backup.damageIn(known.view.care()).isPresent()) {
            return "damaged";
        }
        return known.wal.faultOf(BackupPoint.of(backup)).orElse("");
    }

    private static String describe(Hold hold) {
        return (hold.archival() ? "archival" : "pinned")
                + hold.until().map(until -> " until " + until).orElse("")
                + (hold.reason().isEmpty() ? "" : ": " + hold.reason());
    }

    private ExpiryPlan.Part part(Known known, List<Fate> fates, List<Branch> branches) throws IOException {
        WalSegmentSize size = known.wal.segmentSize();
        ExpiredWal expired = known.view.care().expired();
        if (!policy.isEmpty() && known.view.backupRunning().isEmpty()) {
            Map<Timeline, Long> newest = new HashMap<>();
            known.branches.forEach(branch -> newest.put(branch.history().timeline(), branch.newest()));
            expired = expired.without(WalNeeds.of(known.name(), fates, branches, size), newest);
        }
        return new ExpiryPlan.Part(
                known.repository,
                known.view,
                fates.stream()
                        .filter(fate -> fate.backup().incarnation().equals(known.name()))
                        .toList(),
                expired,
                files(known, expired, size));
    }

    /** History files stay for ever: a server that is promoted looks for them to find a number that is free. */
    private static List<ArchivedFile> files(Known known, ExpiredWal expired, WalSegmentSize size) throws IOException {
        List<ArchivedFile> files = new ArrayList<>();
        for (Timeline timeline : expired.alive().keySet()) {
            for (ArchivedFile file : known.repository.walArchive().list(timeline)) {
                if (isExpired(expired, file.name(), size)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static boolean isExpired(ExpiredWal expired, WalFileName name, WalSegmentSize size) {
        Optional<WalSegmentName> segment = switch (name) {
            case WalFileName.Segment(WalSegmentName of) -> Optional.of(of);
            case WalFileName.Partial(WalSegmentName of) -> Optional.of(of);
            case WalFileName.BackupHistory history -> Optional.of(history.name());
            case WalFileName.History _ -> Optional.empty();
        };
        return segment.isPresent()
                && expired.contains(segment.get().timeline(), segment.get().number(size));
    }

    /**
     * Lets go what the policy does not keep, or nothing if the plan is in doubt.
     *
     * @return what was done
     */
    public ExpiryPlan run(Instant clock) throws IOException {
        for (ClusterRepository incarnation : incarnations) {
            incarnation.endStaleSessions();
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ExpiryPlan plan = plan(clock);
            if (plan.doubt().isPresent()) {
                return plan;
            }
            if (enter(plan, clock)) {
                return plan.leaving(delete(plan));
            }
        }
        throw new IOException("backups came and went too fast; what did not go can go later");
    }

    /** Each incarnation has a log of its own; what one loses for good rests on what the others still have. */
    private boolean enter(ExpiryPlan plan, Instant clock) throws IOException {
        for (ExpiryPlan.Part part : plan.parts()) {
            if (plan.parts().size() > 1 && part.losesLastUsable() && !isStillGoing(part, clock)) {
                return false;
            }
            if (!part.repository().expire(part.view(), part.going(), part.expired())) {
                return false;
            }
        }
        return true;
    }

    /** What receivers of WAL saved of segments that they never finished, and that are gone now. */
    private static void deletePieces(ExpiryPlan.Part part) throws IOException {
        WalSegmentSize size = part.repository().incarnation().segmentSize();
        for (Timeline timeline : part.expired().alive().keySet()) {
            RunningSegments running = part.repository().walArchive().running();
            List<WalSegmentName> gone = running.list(timeline).stream()
                    .filter(segment -> part.expired().contains(timeline, segment.number(size)))
                    .toList();
            if (!gone.isEmpty()) {
                running.delete(timeline, gone);
            }
        }
    }

    private boolean isStillGoing(ExpiryPlan.Part part, Instant clock) throws IOException {
        ExpiryPlan now = plan(clock);
        return now.doubt().isEmpty()
                && now.parts().stream()
                        .filter(one -> one.repository().equals(part.repository()))
                        .anyMatch(one -> one.going().equals(part.going()));
    }

    private ExpiryPlan.Locked delete(ExpiryPlan plan) throws IOException {
        WalDeletion deletion = new WalDeletion(progress);
        for (ExpiryPlan.Part part : plan.parts()) {
            progress.phase("deleting WAL");
            progress.total(
                    part.files().size(),
                    part.files().stream().mapToLong(ArchivedFile::storedBytes).sum());
            deletion.delete(part.repository().walArchive(), part.files());
            deletePieces(part);
            part.repository()
                    .walArchive()
                    .deleteMended(name -> isExpired(
                            part.expired(),
                            name,
                            part.repository().incarnation().segmentSize()));
        }
        return deletion.locked();
    }
}

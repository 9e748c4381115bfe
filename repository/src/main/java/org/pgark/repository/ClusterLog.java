package org.pgark.repository;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.collect.CollectLog;
import org.pgark.repository.collect.LogView;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.log.LogDecision;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.log.NumberedLog;
import org.pgark.repository.pack.PackFolder;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.RewrittenPacks;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.storage.ObjectName;

/**
 * The log of a cluster, with what its entries say about packs. For several threads.
 *
 * <p>Why no committed backup loses a frame: a mark is added only if every backup that is needed was looked through, and
 * whoever takes a backup began in the log before, so that its base is needed; what is marked is never needed anew, since
 * a backup takes frames from its base, from packs of its own, and from packs that no one lists, which are marked only
 * while no backup is being taken; and who was ended meanwhile cannot commit.
 */
final class ClusterLog {
    private final NumberedLog<ClusterState> log;
    private final PackFolder packFolder;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final SessionProcess process;
    private final RewrittenPacks rewritten;
    private final ListedPacks listed;
    private final CommitCheck check;
    private final CollectLog collecting;

    ClusterLog(
            FramedObjects objects,
            ObjectName folder,
            ObjectName packs,
            InstantSource clock,
            RandomGenerator random,
            LogMemory memory,
            SessionProcess process) {
        this.log = new NumberedLog<>(objects, folder, new ClusterLogRules(), clock, random, memory);
        this.packFolder = new PackFolder(objects, packs);
        this.clock = clock;
        this.random = random;
        this.process = process;
        this.listed = new ListedPacks(log);
        this.check = new CommitCheck(listed);
        this.rewritten = new RewrittenPacks(objects, packs, listed::moves);
        this.collecting = new ClusterCollectLog(log, listed, rewritten, clock, random, process);
    }

    ClusterState state() throws IOException {
        return log.head().state();
    }

    long lastEntry() throws IOException {
        return log.head().number();
    }

    Map<String, Double> sampledShares() throws IOException {
        ClusterState state = state();
        Map<String, Double> shares = new HashMap<>();
        state.backups()
                .forEach(backup -> shares.put(
                        backup.backup().id().value(), state.care().ring().shareSince(backup.entry())));
        return shares;
    }

    void checkAll() throws IOException {
        log.checkAll();
    }

    /** Where the frames of rewritten packs are. */
    RewrittenPacks rewritten() {
        return rewritten;
    }

    PackFolder packFolder() {
        return packFolder;
    }

    /** The same log, for collecting. */
    CollectLog collecting() {
        return collecting;
    }

    /** The packs that a backup lists, as the marks since it was begun have changed them. */
    List<PackSummary> packs(ClusterState.Committed backup, ClusterState state) throws IOException {
        return listed.packs(backup, state);
    }

    private String newId() {
        return ObjectId.random(random).toString();
    }

    private LogSession session(String id, SessionKind kind, String origin, List<BackupId> pins) {
        return new LogSession(
                id,
                0,
                kind,
                origin,
                process,
                clock.instant(),
                pins.stream().map(BackupId::value).toList());
    }

    private static void existing(List<BackupId> backups, ClusterState state) throws NoSuchBackupException {
        for (BackupId backup : backups) {
            if (state.backup(backup).isEmpty()) {
                throw new NoSuchBackupException(backup.value());
            }
        }
    }

    boolean isCopy() throws IOException {
        return log.isCopy();
    }

    /** In a copy nothing is collected, and a note would keep it from being brought up to date. */
    ReadSession beginReading(SessionKind kind, BackupId backup) throws IOException {
        if (log.isCopy()) {
            existing(List.of(backup), state());
            return new ReadSession(() -> {});
        }
        LogSession session = session(newId(), kind, "", List.of(backup));
        log.append(state -> {
            existing(List.of(backup), state);
            return Optional.of(ClusterLogRules.begun(session, List.of()));
        });
        return new ReadSession(() -> end(session.id()));
    }

    /** Begins a backup that pins one other, or all that there are if {@code base} is empty. */
    BackupSession beginBackup(String origin, Optional<BackupId> base) throws IOException {
        String id = newId();
        log.append(state -> {
            existing(base.stream().toList(), state);
            List<BackupId> pins = base.map(List::of)
                    .orElseGet(() -> state.backups().stream()
                            .map(backup -> backup.backup().id())
                            .toList());
            List<String> ends = state.sessions().stream()
                    .filter(other ->
                            other.kind() == SessionKind.BACKUP && other.origin().equals(origin))
                    .map(LogSession::id)
                    .toList();
            return Optional.of(ClusterLogRules.begun(session(id, SessionKind.BACKUP, origin, pins), ends));
        });
        rewritten.refresh();
        return new BackupSession(this, id);
    }

    /** Ends a session, also on a thread that was interrupted: that is when most sessions end early. */
    void end(String session) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            log.append(state -> state.session(session).isPresent()
                    ? Optional.of(ClusterLogRules.ended(List.of(session)))
                    : Optional.empty());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void commit(String session, BackupRecord backup, List<PackSummary> needed, Set<ObjectId> offered)
            throws IOException {
        log.append(state -> {
            if (state.backup(backup.id()).isPresent()) {
                throw new IOException("backup \"" + backup.id() + "\" exists already");
            }
            LogSession begun = state.session(session)
                    .orElseThrow(() -> new SessionEndedException("backup \"" + backup.id()
                            + "\" was taken for dead and its packs may be gone; run the backup again"));
            check.check(backup, needed, begun, offered, state);
            return Optional.of(ClusterLogRules.committed(backup, session, needed));
        });
    }

    List<PackSummary> leftovers() throws IOException {
        List<PackSummary> found = packFolder.list();
        LogView view = collecting.view();
        return found.stream()
                .filter(pack ->
                        !view.listed().containsKey(pack.id()) && !view.marked().contains(pack.id()))
                .toList();
    }

    RetentionView retentionView() throws IOException {
        return retentionView(state());
    }

    private static RetentionView retentionView(ClusterState state) {
        Map<String, String> readers = new HashMap<>();
        state.sessions().stream()
                .filter(session -> session.kind() != SessionKind.BACKUP)
                .forEach(session -> session.pins().forEach(backup -> readers.put(backup, session.describe())));
        return new RetentionView(
                state.backups().stream().map(ClusterState.Committed::backup).toList(),
                state.care(),
                readers,
                state.sessions().stream()
                        .filter(session -> session.kind() == SessionKind.BACKUP)
                        .map(LogSession::describe)
                        .findFirst());
    }

    /**
     * Lets backups and WAL go, unless what was decided on does not hold any more.
     *
     * @return whether it was done
     */
    boolean expire(RetentionView view, List<BackupId> backups, ExpiredWal wal) throws IOException {
        boolean[] holds = {false};
        log.append(state -> {
            holds[0] = retentionView(state).equals(view);
            boolean nothing = backups.isEmpty() && wal.equals(state.care().expired());
            return holds[0] && !nothing
                    ? Optional.of(ClusterLogRules.expired(
                            backups.stream().map(BackupId::value).toList(), wal))
                    : Optional.empty();
        });
        return holds[0];
    }

    void hold(BackupId backup, Hold hold) throws IOException {
        log.append(state -> {
            existing(List.of(backup), state);
            return Optional.of(ClusterLogRules.held(backup, hold));
        });
    }

    void replaying(BackupId backup, Replay replay) throws IOException {
        note(state -> {
            existing(List.of(backup), state);
            return Optional.of(ClusterLogRules.replaying(backup, replay));
        });
    }

    /** Takes a hold off, and what a restore left; returns whether there was one of them. */
    boolean release(BackupId backup) throws IOException {
        boolean[] held = {false};
        log.append(state -> {
            existing(List.of(backup), state);
            held[0] = state.care().holds().containsKey(backup.value())
                    || state.care().replays().containsKey(backup.value());
            return held[0] ? Optional.of(ClusterLogRules.released(backup)) : Optional.empty();
        });
        return held[0];
    }

    void checked(CheckReport report) throws IOException {
        note(_ -> Optional.of(ClusterLogRules.checked(report)));
    }

    /** Adds what whoever reads has to say; nothing in a copy, which it would keep from being brought up to date. */
    private void note(LogDecision<ClusterState> decision) throws IOException {
        if (!log.isCopy()) {
            log.append(decision);
        }
    }

    void delete(BackupId backup) throws IOException {
        log.append(state -> {
            existing(List.of(backup), state);
            return Optional.of(ClusterLogRules.deleted(backup));
        });
    }
}

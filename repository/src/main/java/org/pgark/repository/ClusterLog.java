package org.pgark.repository;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.collect.CollectLog;
import org.pgark.repository.collect.LogView;
import org.pgark.repository.collect.MarkedPacks;
import org.pgark.repository.collect.NeededBackup;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
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
final class ClusterLog implements CollectLog {
    /** Longer than any backup or restore takes. Only spares waiting for those who died. */
    private static final Duration SESSION_EXPIRES = Duration.ofDays(7);
    /** So long the packs of a backup that was interrupted are kept for the next one. */
    private static final Duration RESUMABLE = Duration.ofDays(7);

    private static final String READERS_OF_A_COPY =
            "those who began to read while this was a copy, which was less than 7 days ago";

    private final NumberedLog<ClusterState> log;
    private final PackFolder packFolder;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final SessionProcess process;
    private final RewrittenPacks rewritten;
    private final Map<Long, MarkedPacks> marks = new ConcurrentHashMap<>();

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
        this.rewritten = new RewrittenPacks(objects, packs, this::moves);
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

    private MarkedPacks marked(ClusterState.Mark mark) throws IOException {
        MarkedPacks known = marks.get(mark.entry());
        if (known != null) {
            return known;
        }
        try {
            MarkedPacks read = MarkedPacks.decode(log.packList(mark.entry()));
            marks.put(mark.entry(), read);
            return read;
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(log.name(mark.entry()), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Map<ObjectId, ObjectId> moves() throws IOException {
        ClusterState state = state();
        Set<Long> current = new HashSet<>(
                state.marks().stream().map(ClusterState.Mark::entry).toList());
        marks.keySet().retainAll(current);
        Map<ObjectId, ObjectId> moves = new HashMap<>();
        for (ClusterState.Mark mark : state.marks()) {
            marked(mark).moves().forEach((pack, to) -> moves.put(pack, to.id()));
        }
        return moves;
    }

    /** The packs that a backup lists, as the marks since it was begun have changed them. */
    List<PackSummary> packs(ClusterState.Committed backup, ClusterState state) throws IOException {
        return packs(backup, state, Long.MAX_VALUE);
    }

    /** The same, as the log was when entry {@code until} was written. */
    private List<PackSummary> packs(ClusterState.Committed backup, ClusterState state, long until) throws IOException {
        Map<ObjectId, PackSummary> packs = new LinkedHashMap<>();
        try {
            PackList.decode(log.packList(backup.entry())).forEach(pack -> packs.put(pack.id(), pack));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(log.name(backup.entry()), String.valueOf(e.getMessage()));
        }
        for (ClusterState.Mark mark : state.marks()) {
            if (mark.entry() > backup.since() && mark.entry() < until) {
                MarkedPacks marked = marked(mark);
                marked.dead().forEach(pack -> packs.remove(pack.id()));
                marked.moves().forEach((pack, to) -> {
                    if (packs.remove(pack) != null) {
                        packs.put(to.id(), to);
                    }
                });
            }
        }
        return List.copyOf(packs.values());
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
            checkUnmarked(backup, needed, begun, offered, state);
            checkWal(backup, state);
            return Optional.of(ClusterLogRules.committed(backup, session, needed));
        });
    }

    /** WAL expires only while no backup is taken; this one may have begun after that, on a server that lags. */
    private static void checkWal(BackupRecord backup, ClusterState state) throws SessionEndedException {
        ExpiredWal expired = state.care().expired();
        BackupRecord.WalSpan wal = backup.wal();
        long last = wal.last().number(wal.segmentSize());
        for (long number = wal.first().number(wal.segmentSize()); number <= last; number++) {
            WalSegmentName segment = WalSegmentName.ofNumber(wal.stopTimeline(), number, wal.segmentSize());
            if (expired.contains(wal.startTimeline(), number)
                    && expired.contains(wal.stopTimeline(), number)
                    && !wal.carries(segment)) {
                throw new SessionEndedException("WAL segment " + segment + ", which backup \"" + backup.id()
                        + "\" needs, has expired; run the backup again");
            }
        }
    }

    /** What pinned backups need of their packs stays through every mark, so only packs from elsewhere can be lost. */
    private void checkUnmarked(
            BackupRecord backup,
            List<PackSummary> needed,
            LogSession session,
            Set<ObjectId> offered,
            ClusterState state)
            throws IOException {
        if (state.marks().stream().noneMatch(mark -> mark.entry() > session.entry())) {
            return;
        }
        Set<ObjectId> safe = new HashSet<>();
        for (ClusterState.Committed pinned : state.needed()) {
            if (session.pins().contains(pinned.backup().id().value())) {
                packs(pinned, state, session.entry()).forEach(pack -> safe.add(pack.id()));
            }
        }
        Set<ObjectId> own = new HashSet<>(needed.stream().map(PackSummary::id).toList());
        for (ClusterState.Mark mark : state.marks()) {
            if (mark.entry() > session.entry()) {
                MarkedPacks marked = marked(mark);
                marked.moves().forEach((pack, to) -> {
                    if (safe.contains(pack)) {
                        safe.add(to.id());
                    }
                });
                for (PackSummary pack : marked.goners()) {
                    boolean ofPinned = safe.contains(pack.id()) && !offered.contains(pack.id());
                    if (own.contains(pack.id()) && !ofPinned) {
                        throw new SessionEndedException("packs of backup \"" + backup.id()
                                + "\" were collected meanwhile; run the backup again");
                    }
                }
            }
        }
    }

    List<PackSummary> leftovers() throws IOException {
        List<PackSummary> found = packFolder.list();
        LogView view = view();
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

    @Override
    public void endStaleSessions() throws IOException {
        Instant limit = clock.instant().minus(SESSION_EXPIRES);
        log.append(state -> {
            List<String> stale = state.sessions().stream()
                    .filter(session ->
                            session.time().isBefore(limit) || session.process().isDeadOn(process))
                    .map(LogSession::id)
                    .toList();
            return stale.isEmpty() ? Optional.empty() : Optional.of(ClusterLogRules.ended(stale));
        });
    }

    @Override
    public LogView view() throws IOException {
        ClusterState state = state();
        // Moves have to be at least as new as the state: a frame that is looked for in its old pack would be missed in
        // the
        // new one. If they are newer, no mark that rests on this view is added.
        rewritten.refresh();
        Map<ObjectId, Long> listed = new HashMap<>();
        List<ClusterState.Committed> backups = new ArrayList<>(state.backups());
        backups.addAll(state.deleted());
        for (ClusterState.Committed backup : backups) {
            packs(backup, state).forEach(pack -> listed.put(pack.id(), pack.size()));
        }
        Set<ObjectId> marked = new HashSet<>();
        for (ClusterState.Mark mark : state.marks()) {
            if (!mark.swept()) {
                marked(mark).goners().forEach(pack -> marked.add(pack.id()));
            }
        }
        return new LogView(
                state.lastMark(),
                state.needed().stream().map(ClusterLog::needed).toList(),
                state.deleted().stream()
                        .filter(backup -> !state.isPinned(backup))
                        .map(backup -> backup.backup().id().value())
                        .toList(),
                listed,
                marked,
                unlisted(state));
    }

    private static NeededBackup needed(ClusterState.Committed backup) {
        return new NeededBackup(
                backup.backup().id().value(),
                backup.backup().manifest(),
                backup.backup().relationNames());
    }

    private LogView.Unlisted unlisted(ClusterState state) {
        if (state.hasBackupSession()) {
            return LogView.Unlisted.KEPT_FOR_RUNNING_BACKUP;
        }
        Instant limit = clock.instant().minus(RESUMABLE);
        return state.interrupted().filter(time -> time.isAfter(limit)).isPresent()
                ? LogView.Unlisted.KEPT_FOR_RESUMING
                : LogView.Unlisted.DEAD;
    }

    @Override
    public Optional<String> mark(LogView view, String lastMark, MarkedPacks packs, boolean unlisted, List<String> done)
            throws IOException {
        Set<String> lookedThrough =
                new HashSet<>(view.needed().stream().map(NeededBackup::id).toList());
        String name = newId();
        boolean[] added = {false};
        log.append(state -> {
            added[0] = state.lastMark().equals(lastMark)
                    && state.needed().stream()
                            .allMatch(backup ->
                                    lookedThrough.contains(backup.backup().id().value()))
                    && !(unlisted && state.hasBackupSession());
            return added[0] ? Optional.of(ClusterLogRules.marked(name, packs, done)) : Optional.empty();
        });
        return added[0] ? Optional.of(name) : Optional.empty();
    }

    @Override
    public List<Unswept> unswept() throws IOException {
        ClusterState state = state();
        List<Unswept> unswept = new ArrayList<>();
        boolean unknownReaders = state.marks().stream().anyMatch(mark -> !mark.swept()) && wasCopyLately();
        for (ClusterState.Mark mark : state.marks()) {
            if (!mark.swept()) {
                unswept.add(new Unswept(
                        mark.entry(),
                        marked(mark),
                        Stream.concat(
                                        state.sessions().stream()
                                                .filter(session -> session.entry() < mark.entry())
                                                .map(LogSession::describe),
                                        unknownReaders ? Stream.of(READERS_OF_A_COPY) : Stream.empty())
                                .toList()));
            }
        }
        return unswept;
    }

    private boolean wasCopyLately() throws IOException {
        Instant limit = clock.instant().minus(SESSION_EXPIRES);
        return log.promoted().filter(time -> time.isAfter(limit)).isPresent();
    }

    @Override
    public void swept(List<Long> entries) throws IOException {
        log.append(state -> {
            List<Long> open = state.marks().stream()
                    .filter(mark -> !mark.swept() && entries.contains(mark.entry()))
                    .map(ClusterState.Mark::entry)
                    .toList();
            return open.isEmpty() ? Optional.empty() : Optional.of(ClusterLogRules.swept(open));
        });
    }
}

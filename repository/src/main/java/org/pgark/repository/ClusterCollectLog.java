package org.pgark.repository;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.pgark.repository.collect.CollectLog;
import org.pgark.repository.collect.LogView;
import org.pgark.repository.collect.MarkedPacks;
import org.pgark.repository.collect.NeededBackup;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.log.NumberedLog;
import org.pgark.repository.pack.RewrittenPacks;

/** The log of a cluster, for collecting. For several threads. */
final class ClusterCollectLog implements CollectLog {
    /** Longer than any backup or restore takes. Only spares waiting for those who died. */
    private static final Duration SESSION_EXPIRES = Duration.ofDays(7);
    /** So long the packs of a backup that was interrupted are kept for the next one. */
    private static final Duration RESUMABLE = Duration.ofDays(7);

    private static final String READERS_OF_A_COPY =
            "those who began to read while this was a copy, which was less than 7 days ago";

    private final NumberedLog<ClusterState> log;
    private final ListedPacks listed;
    private final RewrittenPacks rewritten;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final SessionProcess process;

    ClusterCollectLog(
            NumberedLog<ClusterState> log,
            ListedPacks listed,
            RewrittenPacks rewritten,
            InstantSource clock,
            RandomGenerator random,
            SessionProcess process) {
        this.log = log;
        this.listed = listed;
        this.rewritten = rewritten;
        this.clock = clock;
        this.random = random;
        this.process = process;
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
    public Map<ObjectId, ObjectId> moves() throws IOException {
        return listed.moves();
    }

    @Override
    public LogView view() throws IOException {
        ClusterState state = log.head().state();
        // Moves have to be at least as new as the state: a frame that is looked for in its old pack would be missed
        // in the new one. If they are newer, no mark that rests on this view is added.
        rewritten.refresh();
        Map<ObjectId, Long> sizes = new HashMap<>();
        List<ClusterState.Committed> backups = new ArrayList<>(state.backups());
        backups.addAll(state.deleted());
        for (ClusterState.Committed backup : backups) {
            listed.packs(backup, state).forEach(pack -> sizes.put(pack.id(), pack.size()));
        }
        Set<ObjectId> marked = new HashSet<>();
        for (ClusterState.Mark mark : state.marks()) {
            if (!mark.swept()) {
                listed.marked(mark).goners().forEach(pack -> marked.add(pack.id()));
            }
        }
        return new LogView(
                state.lastMark(),
                state.needed().stream().map(ClusterCollectLog::needed).toList(),
                state.deleted().stream()
                        .filter(backup -> !state.isPinned(backup))
                        .map(backup -> backup.backup().id().value())
                        .toList(),
                sizes,
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
        String name = ObjectId.random(random).toString();
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
        ClusterState state = log.head().state();
        List<Unswept> unswept = new ArrayList<>();
        boolean unknownReaders = state.marks().stream().anyMatch(mark -> !mark.swept()) && wasCopyLately();
        for (ClusterState.Mark mark : state.marks()) {
            if (!mark.swept()) {
                unswept.add(new Unswept(
                        mark.entry(),
                        listed.marked(mark),
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

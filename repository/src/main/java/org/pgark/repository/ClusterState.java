package org.pgark.repository;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pgark.repository.care.Care;

/**
 * What the log of a cluster amounts to.
 *
 * @param backups the backups that exist, in the order of the log
 * @param deleted backups that are deleted, and of which packs may be left or that somebody still reads
 * @param marks the marks that somebody may still need: whose packs are not deleted, or that are newer than a backup or
 *     a session
 * @param lastMark names the newest mark there ever was; empty if there was none
 * @param sessions those who began and are not done
 * @param interrupted when the newest backup began that ended without having been committed, if none was committed since
 * @param care what is known of the backups beyond that they exist
 */
record ClusterState(
        List<Committed> backups,
        List<Committed> deleted,
        List<Mark> marks,
        String lastMark,
        List<LogSession> sessions,
        Optional<Instant> interrupted,
        Care care) {
    static final ClusterState INITIAL =
            new ClusterState(List.of(), List.of(), List.of(), "", List.of(), Optional.empty(), Care.NONE);

    ClusterState {
        backups = List.copyOf(backups);
        deleted = List.copyOf(deleted);
        marks = List.copyOf(marks);
        sessions = List.copyOf(sessions);
    }

    /**
     * A backup.
     *
     * @param entry the number of the entry that made it exist, which also lists its packs
     * @param since the number of the entry that began it: marks after that one speak of its packs
     * @param backup what the log says about it
     */
    record Committed(long entry, long since, BackupRecord backup) {
        boolean is(String id) {
            return backup.id().value().equals(id);
        }
    }

    /**
     * Packs that are marked.
     *
     * @param entry the number of the entry that marks them
     * @param swept whether they are deleted
     */
    record Mark(long entry, boolean swept) {}

    Optional<Committed> backup(BackupId id) {
        return backups.stream().filter(backup -> backup.is(id.value())).findFirst();
    }

    Optional<LogSession> session(String id) {
        return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
    }

    /** Whether a backup is being taken, or may be. */
    boolean hasBackupSession() {
        return sessions.stream().anyMatch(session -> session.kind() == SessionKind.BACKUP);
    }

    boolean isPinned(Committed backup) {
        return sessions.stream()
                .anyMatch(
                        session -> session.pins().contains(backup.backup().id().value()));
    }

    /** The backups whose frames are needed: those that exist, and deleted ones that somebody reads. */
    List<Committed> needed() {
        return Stream.concat(backups.stream(), deleted.stream().filter(this::isPinned))
                .toList();
    }

    ClusterState committed(Committed backup, String session) {
        return new ClusterState(
                        joined(backups, backup),
                        deleted,
                        marks,
                        lastMark,
                        sessions.stream()
                                .filter(other -> !other.id().equals(session))
                                .toList(),
                        Optional.empty(),
                        care)
                .tidied();
    }

    ClusterState deleted(List<String> ids) {
        Set<String> gone = new HashSet<>(ids);
        return new ClusterState(
                        backups.stream()
                                .filter(backup ->
                                        !gone.contains(backup.backup().id().value()))
                                .toList(),
                        Stream.concat(
                                        deleted.stream(),
                                        backups.stream()
                                                .filter(backup -> gone.contains(
                                                        backup.backup().id().value())))
                                .toList(),
                        marks,
                        lastMark,
                        sessions,
                        interrupted,
                        care.without(ids))
                .tidied();
    }

    ClusterState with(Care newCare) {
        return new ClusterState(backups, deleted, marks, lastMark, sessions, interrupted, newCare);
    }

    List<String> ids() {
        return backups.stream().map(backup -> backup.backup().id().value()).toList();
    }

    ClusterState begun(LogSession session, List<String> ended) {
        ClusterState before = ended(ended);
        return new ClusterState(
                backups, deleted, before.marks, lastMark, joined(before.sessions, session), before.interrupted, care);
    }

    ClusterState ended(List<String> ids) {
        Set<String> gone = new HashSet<>(ids);
        Optional<Instant> newest = sessions.stream()
                .filter(session -> gone.contains(session.id()) && session.kind() == SessionKind.BACKUP)
                .map(LogSession::time)
                .max(Instant::compareTo)
                .filter(time -> interrupted.isEmpty() || interrupted.get().isBefore(time));
        return new ClusterState(
                        backups,
                        deleted,
                        marks,
                        lastMark,
                        sessions.stream()
                                .filter(session -> !gone.contains(session.id()))
                                .toList(),
                        newest.isPresent() ? newest : interrupted,
                        care)
                .tidied();
    }

    ClusterState marked(Mark mark, String name, List<String> done) {
        Set<String> gone = new HashSet<>(done);
        return new ClusterState(
                        backups,
                        deleted.stream()
                                .filter(backup ->
                                        !gone.contains(backup.backup().id().value()))
                                .toList(),
                        joined(marks, mark),
                        name,
                        sessions,
                        interrupted,
                        care)
                .tidied();
    }

    ClusterState swept(List<Long> entries) {
        return new ClusterState(
                        backups,
                        deleted,
                        marks.stream()
                                .map(mark -> entries.contains(mark.entry()) ? new Mark(mark.entry(), true) : mark)
                                .toList(),
                        lastMark,
                        sessions,
                        interrupted,
                        care)
                .tidied();
    }

    /**
     * Forgets marks whose packs are deleted, once there is no backup left: page maps are taken over from one backup to the
     * next as they are, so a backup of today may name a pack that was rewritten long before it began.
     */
    private ClusterState tidied() {
        boolean nobody = backups.isEmpty() && deleted.isEmpty() && sessions.isEmpty();
        return new ClusterState(
                backups,
                deleted,
                marks.stream().filter(mark -> !mark.swept() || !nobody).toList(),
                lastMark,
                sessions,
                interrupted,
                care);
    }

    private static <T> List<T> joined(List<T> list, T element) {
        List<T> joined = new ArrayList<>(list);
        joined.add(element);
        return joined;
    }
}

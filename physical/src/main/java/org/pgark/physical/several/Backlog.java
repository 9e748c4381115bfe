package org.pgark.physical.several;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.retention.ExpiredWal;

/**
 * The WAL that one repository lacks and others have, of one incarnation of a cluster: all from the start of its oldest
 * backup on, and all histories of timelines. Of a repository without a backup, what the newest backup elsewhere needs and
 * all since.
 *
 * @param missing histories first, then what is oldest first
 */
public record Backlog(List<Missing> missing) {
    private static final Comparator<WalFileName> ORDER = Comparator.<WalFileName, Boolean>comparing(
                    name -> !(name instanceof WalFileName.History))
            .thenComparing(WalFileName::toString);

    public Backlog {
        missing = List.copyOf(missing);
    }

    /**
     * A file that is missing.
     *
     * @param name its name
     * @param sources where it is, the nearest first
     */
    public record Missing(WalFileName name, List<ClusterRepository> sources) {
        public Missing {
            sources = List.copyOf(sources);
        }
    }

    /** Compares a repository with others, all of the same incarnation of the same cluster. */
    public static Backlog of(ClusterRepository target, List<ClusterRepository> others) throws IOException {
        OptionalLong first = firstNeeded(target, others);
        return first.isEmpty() ? new Backlog(List.of()) : from(first.getAsLong(), target, others);
    }

    /** Likewise, but from a certain segment on, whatever backups there are. */
    static Backlog from(long firstNumber, ClusterRepository target, List<ClusterRepository> others) throws IOException {
        WalSegmentSize size = target.incarnation().segmentSize();
        ExpiredWal expired = target.care().expired();
        Map<WalFileName, List<ClusterRepository>> found = new TreeMap<>(ORDER);
        for (ClusterRepository other : others) {
            for (Timeline timeline : other.walArchive().timelines()) {
                Set<String> there = names(target.walArchive(), timeline);
                for (ArchivedFile file : other.walArchive().list(timeline)) {
                    if (!there.contains(file.name().toString()) && isNeeded(file.name(), firstNumber, size, expired)) {
                        List<ClusterRepository> sources = found.computeIfAbsent(file.name(), _ -> new ArrayList<>());
                        if (!sources.contains(other)) {
                            sources.add(other);
                        }
                    }
                }
            }
        }
        target.checkPresence();
        return new Backlog(found.entrySet().stream()
                .map(entry -> new Missing(entry.getKey(), entry.getValue()))
                .toList());
    }

    private static Set<String> names(WalArchive archive, Timeline timeline) throws IOException {
        Set<String> names = new HashSet<>();
        for (ArchivedFile file : archive.list(timeline)) {
            names.add(file.name().toString());
        }
        return names;
    }

    private static boolean isNeeded(WalFileName name, long first, WalSegmentSize size, ExpiredWal expired) {
        return switch (name) {
            case WalFileName.History _ -> true;
            case WalFileName.Segment(WalSegmentName segment) -> isNeeded(segment, first, size, expired);
            case WalFileName.Partial(WalSegmentName segment) -> isNeeded(segment, first, size, expired);
            case WalFileName.BackupHistory backup -> isNeeded(backup.name(), first, size, expired);
        };
    }

    private static boolean isNeeded(WalSegmentName segment, long first, WalSegmentSize size, ExpiredWal expired) {
        long number = segment.number(size);
        return number >= first && !expired.contains(segment.timeline(), number);
    }

    private static OptionalLong firstNeeded(ClusterRepository target, List<ClusterRepository> others)
            throws IOException {
        OptionalLong oldest =
                target.backups().stream().mapToLong(Backlog::first).min();
        if (oldest.isPresent()) {
            return oldest;
        }
        Optional<BackupRecord> newest = Optional.empty();
        for (ClusterRepository other : others) {
            for (BackupRecord backup : other.backups()) {
                if (newest.isEmpty() || newest.get().stopTime().isBefore(backup.stopTime())) {
                    newest = Optional.of(backup);
                }
            }
        }
        return OptionalLong.of(newest.map(Backlog::first).orElse(0L));
    }

    private static long first(BackupRecord backup) {
        return backup.wal().first().number(backup.wal().segmentSize());
    }

    /** How many segments are missing. */
    public long segments() {
        return missing.stream()
                .filter(file -> file.name() instanceof WalFileName.Segment)
                .count();
    }

    /** Whether nothing is missing. */
    public boolean isEmpty() {
        return missing.isEmpty();
    }
}

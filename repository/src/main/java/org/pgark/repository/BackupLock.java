package org.pgark.repository;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.ManyRequests;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/**
 * Renews the locks of what backups need, where the place of the repository locks objects.
 *
 * <p>What the newest backup needs is locked for the whole period from now on. What else is kept is locked until after the next
 * backup, which then sees to it again. An object costs a request that asks for the end of its lock, and one that renews it
 * only once in a while.
 */
public final class BackupLock {
    /** In this time another backup is taken. */
    public static final Duration UNTIL_NEXT_BACKUP = Duration.ofDays(8);

    private static final int PARALLEL = 32;

    private final ObjectStore store;
    private final ObjectName folder;
    private final WalArchive archive;
    private final PackLists lists;
    private final Duration period;
    private final Instant now;

    /** Says which packs a backup needs. */
    interface PackLists {
        List<PackSummary> of(BackupId backup) throws IOException;
    }

    BackupLock(
            ObjectStore store, ObjectName folder, WalArchive archive, PackLists lists, Duration period, Instant now) {
        this.store = store;
        this.folder = folder;
        this.archive = archive;
        this.lists = lists;
        this.period = period;
        this.now = now;
    }

    /** For how long at least what the newest backup needs is locked. */
    public Duration period() {
        return period;
    }

    private Instant wholePeriod() {
        return now.plus(period);
    }

    private Instant soon() {
        return now.plus(period.compareTo(UNTIL_NEXT_BACKUP) < 0 ? period : UNTIL_NEXT_BACKUP);
    }

    /**
     * Locks all that the newest backup needs: its packs and WAL, all histories, and what makes them readable, which are the
     * name of the repository, its keys and its logs; and what the others need.
     *
     * @param kept the other backups that stay
     * @param wal the archived files that stay
     * @return how many objects are locked, besides WAL that no backup needs to be consistent
     */
    public long renew(BackupRecord newest, List<BackupRecord> kept, List<ArchivedFile> wal) throws IOException {
        Set<ObjectName> needed = new LinkedHashSet<>(contents(newest));
        for (Timeline timeline : archive.timelines()) {
            WalFileName history = new WalFileName.History(timeline);
            if (archive.contains(history)) {
                needed.add(archive.objectOf(history));
            }
        }
        needed.add(new ObjectName("repository"));
        Set<ObjectName> logs = new LinkedHashSet<>();
        for (ObjectName log : List.of(new ObjectName("keys"), new ObjectName("log"), folder.child("log"))) {
            store.list(log).stream().map(StoredObject::name).forEach(logs::add);
        }
        Set<ObjectName> others = new LinkedHashSet<>();
        for (BackupRecord other : kept) {
            others.addAll(contents(other));
        }
        others.removeAll(needed);
        Set<ObjectName> segments = new LinkedHashSet<>();
        wal.stream()
                .filter(file -> file.name() instanceof WalFileName.Segment)
                .map(file -> archive.objectOf(file.name()))
                .forEach(segments::add);
        segments.removeAll(needed);
        Failures failures = new Failures();
        failures.collect(() -> retain(needed, name -> store.retain(name, wholePeriod())));
        failures.collect(() -> retain(logs, name -> retainIfThere(name, wholePeriod())));
        failures.collect(() -> retain(others, name -> retainIfThere(name, soon())));
        Set<WalFileName> files = wal.stream().map(ArchivedFile::name).collect(Collectors.toSet());
        failures.collect(() -> retain(archive.mended(files::contains), name -> retainIfThere(name, wholePeriod())));
        failures.collect(() -> retain(segments, name -> retainIfThere(name, soon())));
        failures.throwFirst();
        return (long) needed.size() + logs.size() + others.size();
    }

    /** The packs and the archived WAL that a backup needs to be consistent. */
    private List<ObjectName> contents(BackupRecord backup) throws IOException {
        List<ObjectName> contents = new ArrayList<>();
        lists.of(backup.id()).forEach(pack -> contents.add(PackNames.of(folder.child("packs"), pack.id())));
        BackupRecord.WalSpan wal = backup.wal();
        Set<Timeline> timelines =
                new LinkedHashSet<>(List.of(wal.first().timeline(), wal.last().timeline()));
        long last = wal.last().number(wal.segmentSize());
        for (long number = wal.first().number(wal.segmentSize()); number <= last; number++) {
            for (Timeline timeline : timelines) {
                WalSegmentName segment = WalSegmentName.ofNumber(timeline, number, wal.segmentSize());
                // Where the timeline changed meanwhile, each has its part of them.
                if (!wal.carries(segment) && (timelines.size() == 1 || archive.contains(segment))) {
                    contents.add(archive.objectOf(new WalFileName.Segment(segment)));
                }
            }
        }
        return contents;
    }

    /** What is gone meanwhile is needed by nobody. */
    private void retainIfThere(ObjectName name, Instant until) throws IOException {
        try {
            store.retain(name, until);
        } catch (NoSuchObjectException e) {
            System.getLogger(BackupLock.class.getName())
                    .log(System.Logger.Level.DEBUG, "\"" + name + "\" is gone meanwhile", e);
        }
    }

    private interface Retaining {
        void retain(ObjectName name) throws IOException;
    }

    private interface Renewal {
        void run() throws IOException;
    }

    /** Keeps what went wrong until all that can be locked is. */
    private static final class Failures {
        private Optional<IOException> first = Optional.empty();

        void collect(Renewal renewal) {
            try {
                renewal.run();
            } catch (IOException e) {
                first = first.or(() -> Optional.of(e));
            }
        }

        void throwFirst() throws IOException {
            if (first.isPresent()) {
                throw first.get();
            }
        }
    }

    /** Locks all of them that can be, whichever cannot. */
    private static void retain(Collection<ObjectName> names, Retaining retaining) throws IOException {
        List<Callable<ObjectName>> requests = new ArrayList<>();
        for (ObjectName name : names) {
            requests.add(() -> {
                retaining.retain(name);
                return name;
            });
        }
        List<ObjectName> _ = ManyRequests.allThatCanBe(PARALLEL).make(requests);
    }
}

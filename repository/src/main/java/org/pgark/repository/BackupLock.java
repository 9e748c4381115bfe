package org.pgark.repository;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
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

    /** Of WAL files that were archived one after the other, one in so many is asked. */
    private static final int STRIDE = 64;

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
        for (ObjectName log : List.of(new ObjectName("keys"), new ObjectName("log"), folder.child("log"))) {
            store.list(log).stream().map(StoredObject::name).forEach(needed::add);
        }
        retain(needed, name -> store.retain(name, wholePeriod()));
        Set<ObjectName> others = new LinkedHashSet<>();
        for (BackupRecord other : kept) {
            others.addAll(contents(other));
        }
        others.removeAll(needed);
        retain(others, this::retainUntilNext);
        renewWal(wal.stream()
                .filter(file -> file.name() instanceof WalFileName.Segment)
                .map(file -> archive.objectOf(file.name()))
                .toList());
        return (long) needed.size() + others.size();
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
    private boolean retainUntilNext(ObjectName name) throws IOException {
        try {
            return store.retain(name, soon());
        } catch (NoSuchObjectException e) {
            return false;
        }
    }

    /**
     * Locks WAL that stays, in the order in which it was archived: between two files whose locks are long enough those of the
     * others are, too.
     */
    private void renewWal(List<ObjectName> files) throws IOException {
        List<ObjectName> asked = new ArrayList<>();
        for (int at = 0; at < files.size(); at += STRIDE) {
            asked.add(files.get(at));
        }
        if (!files.isEmpty()) {
            asked.add(files.getLast());
        }
        List<Boolean> renewed = retain(asked, this::retainUntilNext);
        for (int index = 0; index + 1 < asked.size(); index++) {
            if (renewed.get(index) || renewed.get(index + 1)) {
                int begin = index * STRIDE;
                retain(files.subList(begin, Math.min(begin + STRIDE, files.size())), this::retainUntilNext);
            }
        }
    }

    private interface Retaining {
        boolean retain(ObjectName name) throws IOException;
    }

    /** Returns of each whether its lock was too short. */
    private static List<Boolean> retain(Collection<ObjectName> names, Retaining retaining) throws IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(PARALLEL)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (ObjectName name : names) {
                results.add(threads.submit(() -> retaining.retain(name)));
            }
            List<Boolean> renewed = new ArrayList<>();
            for (Future<Boolean> result : results) {
                renewed.add(result.get());
            }
            return renewed;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("an object could not be locked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}

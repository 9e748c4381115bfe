package org.pgark.repository.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.ReadSession;
import org.pgark.repository.SessionKind;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.RelationName;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.manifest.RelationNamesWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackCopier;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;

/**
 * Copies one backup into another repository, which has other keys: there it is a backup like those that were taken there,
 * under the same id. What a backup that both repositories have holds already is not copied again. May be killed at any
 * time; packs that were copied are found again the next time.
 */
public final class BackupCopy {
    // For the repository that is copied to this is a backup: a session from before the first pack to the commit, which
    // rests on one base that is pinned, on packs that were written meanwhile, and on packs that nobody lists. So all
    // that holds of backups and collecting holds of it too.
    private final ClusterRepository from;
    private final ClusterRepository to;
    private final BackupRecord backup;
    private final int parallel;
    private final CopyProgress progress;

    /** Makes sure that something is so before the backup is committed. */
    @FunctionalInterface
    public interface Condition {
        /** Fails if it is not so. */
        void ensure() throws IOException, InterruptedException;
    }

    /**
     * Prepares a copy.
     *
     * @param backup which of {@code from}
     * @param parallel how many packs are under way at once
     */
    public BackupCopy(
            ClusterRepository from, ClusterRepository to, BackupRecord backup, int parallel, CopyProgress progress) {
        this.from = from;
        this.to = to;
        this.backup = backup;
        this.parallel = parallel;
        this.progress = progress;
    }

    /**
     * What a copy did.
     *
     * @param record the backup in the other repository
     * @param base the backup that it shares content with there; empty if with none
     * @param packs how many packs were copied
     * @param bytes how many bytes they have
     * @param resumed how many packs were there from an earlier attempt
     */
    public record Outcome(BackupRecord record, Optional<String> base, long packs, long bytes, long resumed) {}

    /**
     * Copies the backup.
     *
     * @param wal ensures that the WAL is there which the backup needs
     * @return empty if it is there already
     */
    public Optional<Outcome> run(Condition wal) throws IOException, InterruptedException {
        if (!to.find(backup.id().value()).isEmpty()) {
            return Optional.empty();
        }
        Optional<BackupRecord> base = base();
        try (ReadSession _ = from.beginReading(SessionKind.RESTORE, backup.id());
                BackupSession session =
                        base.isPresent() ? to.beginBackup(origin(), base.get().id()) : to.beginBackup(origin())) {
            if (base.isEmpty()) {
                return Optional.of(copy(session, Optional.empty(), wal));
            }
            try (ReadSession _ =
                    from.beginReading(SessionKind.RESTORE, base.get().id())) {
                return Optional.of(copy(session, base, wal));
            }
        }
    }

    private String origin() {
        return "copy of " + backup.id();
    }

    /** The newest backup before this one that both have, and of which everything is there. */
    private Optional<BackupRecord> base() throws IOException {
        Set<String> known = from.backups().stream().map(one -> one.id().value()).collect(Collectors.toSet());
        List<BackupRecord> candidates = to.backups().stream()
                .filter(one -> known.contains(one.id().value()))
                .sorted(Comparator.comparing(
                                (BackupRecord one) -> one.stopTime().isAfter(backup.stopTime()))
                        .thenComparing(
                                Comparator.comparing(BackupRecord::stopTime).reversed()))
                .toList();
        for (BackupRecord candidate : candidates) {
            if (to.missing(to.packs(candidate.id())).isEmpty()
                    && to.care().damageOf(candidate.id().value()).isEmpty()) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private Outcome copy(BackupSession session, Optional<BackupRecord> base, Condition wal)
            throws IOException, InterruptedException {
        List<PackSummary> leftovers = session.leftovers();
        try (FrameReader there = from.frameReader();
                FrameReader here = to.frameReader()) {
            Optional<StreamRoot> baseThere = Optional.empty();
            Optional<StreamRoot> baseHere = Optional.empty();
            if (base.isPresent()) {
                baseThere = from.find(base.get().id().value()).stream()
                        .map(BackupRecord::manifest)
                        .findFirst();
                baseHere = Optional.of(base.get().manifest());
            }
            FileWalk walk = new FileWalk(there, here, backup.manifest(), baseThere, baseHere);
            Map<ObjectId, BitSet> wanted = wanted(walk);
            Copies copies = copies(wanted, leftovers);
            Written written = write(walk, there, copies);
            wal.ensure();
            return commit(session, base, copies, written);
        }
    }

    /** Which frames of which packs have to be copied. */
    private static Map<ObjectId, BitSet> wanted(FileWalk walk) throws IOException {
        Map<ObjectId, BitSet> wanted = new TreeMap<>();
        walk.visit(
                frame -> {
                    wanted.computeIfAbsent(frame.pack(), _ -> new BitSet()).set(frame.frame());
                    return frame;
                },
                FileWalk.Sink.NONE);
        return wanted;
    }

    /** Packs that are copied, by the packs that they were copied from. */
    private record Copies(Map<ObjectId, PackSummary> packs, long copied, long bytes, long resumed) {}

    private Copies copies(Map<ObjectId, BitSet> wanted, List<PackSummary> leftovers)
            throws IOException, InterruptedException {
        Map<ObjectId, PackSummary> done = new ConcurrentHashMap<>(resumed(wanted, leftovers));
        long resumed = done.size();
        List<ObjectId> open =
                wanted.keySet().stream().filter(pack -> !done.containsKey(pack)).toList();
        Map<ObjectId, Long> sizes = new LinkedHashMap<>();
        from.packs(backup.id()).forEach(pack -> sizes.put(pack.id(), pack.size()));
        progress.total(
                open.size(),
                open.stream().mapToLong(pack -> sizes.getOrDefault(pack, 0L)).sum());
        ExecutorService threads = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon().name("copy-", 0).factory());
        long bytes = 0;
        try {
            List<Future<PackSummary>> results = new ArrayList<>();
            for (ObjectId pack : open) {
                BitSet frames = wanted.getOrDefault(pack, new BitSet());
                results.add(threads.submit(() -> copied(pack, frames, sizes.getOrDefault(pack, 0L))));
            }
            for (int index = 0; index < results.size(); index++) {
                PackSummary copy = results.get(index).get();
                bytes += copy.size();
                done.put(open.get(index), copy);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a pack could not be copied", e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return new Copies(done, open.size(), bytes, resumed);
    }

    private PackSummary copied(ObjectId pack, BitSet frames, long size) throws IOException {
        try (PackCopier copier = to.packCopier(from)) {
            PackSummary copy = copier.copy(pack, frames);
            progress.advanced(size);
            return copy;
        }
    }

    /** What an attempt that was interrupted copied, if it has all that is wanted. */
    private Map<ObjectId, PackSummary> resumed(Map<ObjectId, BitSet> wanted, List<PackSummary> leftovers) {
        Map<ObjectId, PackSummary> found = new LinkedHashMap<>();
        try (PackCopier copier = to.packCopier(from)) {
            for (PackSummary leftover : leftovers) {
                origins(copier, leftover).forEach((pack, frames) -> {
                    BitSet missing =
                            (BitSet) wanted.getOrDefault(pack, new BitSet()).clone();
                    missing.andNot(frames);
                    if (wanted.containsKey(pack) && missing.isEmpty()) {
                        found.put(pack, leftover);
                    }
                });
            }
        }
        return found;
    }

    /** None if the pack cannot be read: it is of no use then, and is collected some day. */
    private static Map<ObjectId, BitSet> origins(PackCopier copier, PackSummary leftover) {
        try {
            return copier.origins(leftover.id());
        } catch (IOException e) {
            return Map.of();
        }
    }

    private record Written(StreamRoot manifest, Optional<StreamRoot> names, List<PackSummary> packs) {}

    private Written write(FileWalk walk, FrameReader there, Copies copies) throws IOException {
        Map<ObjectId, ObjectId> moves = new LinkedHashMap<>();
        copies.packs().forEach((pack, copy) -> moves.put(pack, copy.id()));
        Relocated relocated = new Relocated(to.relocation(moves), moves.keySet());
        try (PackWriter packs = to.newPack(backup.compression())) {
            ManifestWriter manifest = new ManifestWriter(packs);
            walk.visit(relocated, FileWalk.Sink.to(manifest));
            StreamRoot root = manifest.finish();
            Optional<StreamRoot> names = Optional.empty();
            if (backup.relationNames().isPresent()) {
                names = Optional.of(names(there, backup.relationNames().get(), packs));
            }
            packs.commit();
            return new Written(root, names, packs.packs());
        }
    }

    private static StreamRoot names(FrameReader there, StreamRoot root, PackWriter packs) throws IOException {
        RelationNamesWriter writer = new RelationNamesWriter(packs);
        RelationNamesReader.Cursor names = new RelationNamesReader(there, root).relations();
        for (Optional<RelationName> name = names.next(); name.isPresent(); name = names.next()) {
            writer.add(name.get());
        }
        return writer.finish();
    }

    private Outcome commit(BackupSession session, Optional<BackupRecord> base, Copies copies, Written written)
            throws IOException {
        Map<ObjectId, PackSummary> needed = new LinkedHashMap<>();
        if (base.isPresent()) {
            to.packs(base.get().id()).forEach(pack -> needed.put(pack.id(), pack));
        }
        copies.packs().values().forEach(pack -> needed.put(pack.id(), pack));
        written.packs().forEach(pack -> needed.put(pack.id(), pack));
        long stored =
                copies.packs().values().stream().mapToLong(PackSummary::size).sum()
                        + written.packs().stream().mapToLong(PackSummary::size).sum();
        BackupRecord.Size size = backup.size();
        BackupRecord record = new BackupRecord(
                backup.id(),
                backup.basis(),
                backup.labels(),
                backup.note(),
                backup.pgarkVersion(),
                backup.compression(),
                backup.startTime(),
                backup.stopTime(),
                backup.wal(),
                backup.server(),
                new BackupRecord.Size(size.files(), size.rawBytes(), stored, needed.size(), size.damagedPages()),
                written.manifest(),
                written.names());
        session.commit(record, List.copyOf(needed.values()));
        return new Outcome(
                record,
                base.map(one -> one.id().value()),
                copies.copied(),
                copies.bytes()
                        + written.packs().stream().mapToLong(PackSummary::size).sum(),
                copies.resumed());
    }
}

package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.pgark.postgres.PostgresMajor;
import org.pgark.repository.collect.CollectOutcome;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;

/**
 * A repository that several processes use at once, in memory, with real code in each. What every backup has to hold is
 * remembered outside of it and compared.
 */
final class CollectModel {
    private static final FileClass DATA = new FileClass.ClusterData();
    private static final FileAttributes ATTRIBUTES = new FileAttributes(0600, 1, 1, SmallRepository.NOW);

    private final MemoryStore store = new MemoryStore();
    private final Random random;
    private final ModelSchedule schedule = new ModelSchedule();
    private final Incarnation incarnation;
    private final RepositoryId id;
    private final Map<String, Map<String, String>> truth = new HashMap<>();
    private final Set<String> maybeDeleted = new LinkedHashSet<>();
    private Instant now = SmallRepository.NOW;
    private int backupsBegun;
    private int contentsWritten;

    /** What was seen, so that a model that proves nothing is noticed. */
    final Map<String, Integer> seen = new TreeMap<>();

    CollectModel(long seed) throws IOException {
        this.random = new Random(seed);
        Repository repository = Repository.create(store, () -> now, random);
        incarnation = repository.registerCluster(
                "main", BackupRecords.SYSTEM, PostgresMajor.of(15), BackupRecords.SEGMENT_SIZE);
        id = repository.id();
    }

    private void saw(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    Random random() {
        return random;
    }

    void passTime(Duration duration) {
        now = now.plus(duration);
    }

    private ClusterRepository cluster(org.pgark.storage.ObjectStore as) throws IOException {
        return Repository.open(as, Optional.of(id), () -> now, new Random(random.nextLong()))
                .open(incarnation);
    }

    /** A part for one process, which is told what it may use. */
    interface ProcessPart {
        void play(ClusterRepository cluster, ModelStore as) throws IOException;
    }

    /** Starts a process that dies at its step {@code dieAt}; never if that is 0. */
    void start(String name, int dieAt, double lostFromListings, ProcessPart part) {
        ModelSchedule.Actor actor = schedule.actor(name);
        long seed = random.nextLong();
        ModelStore as = new ModelStore(store, actor, new Random(seed), dieAt, lostFromListings, this::afterDelete);
        schedule.start(actor, () -> {
            try {
                part.play(cluster(as), as);
            } catch (IOException e) {
                if (!as.isDead()) {
                    throw e;
                }
                saw("death of a " + name.replaceAll("[ 0-9]", ""));
            }
        });
    }

    void run(ModelSchedule.Choice choice) throws Exception {
        schedule.run(choice);
    }

    /** Takes a backup that shares some of the newest one, some of what an interrupted one left, and has news. */
    void backup(ClusterRepository cluster, String origin, boolean withBase, int seed) throws IOException {
        Random dice = new Random(seed);
        List<BackupRecord> backups = cluster.backups();
        Optional<BackupRecord> base = withBase && !backups.isEmpty()
                ? Optional.of(backups.get(dice.nextInt(backups.size())))
                : Optional.empty();
        String name = String.format("20261122T%06dZ-aaaa", backupsBegun++);
        Map<String, String> expected = new TreeMap<>();
        try (BackupSession session = begun(cluster, origin, base, seed)) {
            Map<String, Extent> files = new TreeMap<>();
            if (base.isPresent()) {
                share(cluster, base.get(), dice, files, expected);
            }
            List<PackSummary> packs = new ArrayList<>();
            if (base.isPresent()) {
                packs.addAll(cluster.packs(base.get().id()));
            }
            if (seed % 3 == 0) {
                resume(cluster, session, files, expected, packs);
            }
            try (PackWriter writer = cluster.newPack(Compression.NONE)) {
                for (int i = 0; i < 1 + dice.nextInt(4); i++) {
                    put(writer, "new" + (char) ('a' + dice.nextInt(8)), files, expected);
                }
                writer.commit();
                packs.addAll(writer.packs());
            }
            StreamRoot root;
            try (PackWriter writer = cluster.newPack(Compression.NONE)) {
                root = manifest(writer, files);
                writer.commit();
                packs.addAll(writer.packs());
            }
            // The entry may be there although its writer dies before it learns of it.
            truth.put(name, Map.copyOf(expected));
            session.commit(BackupRecords.of(name, root, Optional.empty()), packs);
            saw(base.isPresent() ? "backup with a base" : "backup");
        } catch (NoSuchBackupException e) {
            saw("base deleted before the backup began");
        } catch (SessionEndedException e) {
            saw("commit refused");
        } catch (NoSuchObjectException e) {
            // Only who was taken for dead may find that something is gone.
            if (stillHas(session -> session.origin().equals(origin) && session.kind() == SessionKind.BACKUP)) {
                throw e;
            }
            saw("backup lost its session");
        }
    }

    private static BackupSession begun(ClusterRepository cluster, String origin, Optional<BackupRecord> base, int seed)
            throws IOException {
        return base.isPresent() && seed % 2 == 0
                ? cluster.beginBackup(origin, base.get().id())
                : cluster.beginBackup(origin);
    }

    private Map<String, String> expected(BackupRecord backup) {
        return Objects.requireNonNull(truth.get(backup.id().value()));
    }

    private void put(PackWriter writer, String path, Map<String, Extent> files, Map<String, String> expected)
            throws IOException {
        String content = "content " + contentsWritten++ + " " + "x".repeat(random.nextInt(300));
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        FrameContents known = new FrameContents(List.of(new FrameContents.Part(path, 0, bytes.length, new byte[16])));
        FrameAddress frame = writer.append(ByteBuffer.wrap(bytes), known);
        files.put(path, new Extent.Stored(new FramePart(frame, 0, bytes.length)));
        expected.put(path, content);
    }

    private StreamRoot manifest(PackWriter writer, Map<String, Extent> files) throws IOException {
        ManifestWriter manifest = new ManifestWriter(writer);
        for (Map.Entry<String, Extent> file : files.entrySet()) {
            // Some files have a page map, some have not.
            List<Extent> extents = new ArrayList<>(List.of(file.getValue()));
            if (random.nextBoolean()) {
                extents.add(new Extent.Zeros(8192));
            }
            manifest.addFile(file.getKey(), DATA, ATTRIBUTES, extents, List.of());
        }
        return manifest.finish();
    }

    private void share(
            ClusterRepository cluster,
            BackupRecord base,
            Random dice,
            Map<String, Extent> files,
            Map<String, String> expected)
            throws IOException {
        PackContentsCache contents = cluster.packContents(1 << 20);
        try (FrameReader frames = cluster.frameReader()) {
            ManifestReader manifest = new ManifestReader(frames, base.manifest());
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (entry.get() instanceof ManifestEntry.File file && dice.nextInt(3) > 0) {
                    Extent extent = manifest.extents(file).next().orElseThrow();
                    files.put(file.path(), extent);
                    expected.put(
                            file.path(), Objects.requireNonNull(expected(base).get(file.path())));
                    FramePart part = ((Extent.Stored) extent).part();
                    assertThat(contents.hashes(part.frame(), 0, part.length())).isPresent();
                }
            }
        }
    }

    private void resume(
            ClusterRepository cluster,
            BackupSession session,
            Map<String, Extent> files,
            Map<String, String> expected,
            List<PackSummary> packs)
            throws IOException {
        for (PackSummary pack : session.leftovers()) {
            PackContentsCache contents = cluster.packContents(1 << 20);
            try (FrameReader reader = cluster.frameReader();
                    FrameDecoder decoder = new FrameDecoder()) {
                FramedObjectReader index = FramedObjectReader.of(
                        FramedObjects.unsealed(new org.pgark.storage.MemoryStore()),
                        StoreContents.bytes(store, reader.nameOf(pack.id())),
                        reader.nameOf(pack.id()),
                        ObjectKind.PACK,
                        decoder);
                for (FramedObjectReader.IndexedFrame frame : index.frames()) {
                    if (frame.role() == FrameRole.DATA
                            && contents.of(pack.id())
                                    .of(frame.address().frame())
                                    .isPresent()) {
                        byte[] raw = new byte[frame.address().rawLength()];
                        reader.read(frame.address(), raw);
                        String path = "resumed" + frame.address().frame();
                        files.put(path, new Extent.Stored(new FramePart(frame.address(), 0, raw.length)));
                        expected.put(path, new String(raw, StandardCharsets.US_ASCII));
                        packs.add(pack);
                        saw("frame resumed");
                    }
                }
            }
        }
    }

    /** Reads a backup from end to end, the one that {@code seed} chooses. */
    void restore(ClusterRepository cluster, boolean pinned, int seed) throws IOException {
        List<BackupRecord> backups = cluster.backups();
        if (backups.isEmpty()) {
            return;
        }
        BackupRecord backup = backups.get(Math.floorMod(seed, backups.size()));
        if (!pinned) {
            try {
                read(cluster, backup);
                saw("restore without a pin");
            } catch (NoSuchObjectException e) {
                assertThat(maybeDeleted).contains(backup.id().value());
                saw("restore of a deleted backup failed");
            }
            return;
        }
        try (ReadSession _ = cluster.beginReading(SessionKind.RESTORE, backup.id())) {
            read(cluster, backup);
            saw("restore");
        } catch (NoSuchBackupException e) {
            saw("restore refused");
        } catch (NoSuchObjectException e) {
            if (!maybeDeleted.contains(backup.id().value())
                    || stillHas(session ->
                            session.pins().contains(backup.id().value()) && session.kind() == SessionKind.RESTORE)) {
                throw e;
            }
            saw("restore lost its session");
        }
    }

    private boolean stillHas(java.util.function.Predicate<LogSession> which) throws IOException {
        return state().sessions().stream().anyMatch(which);
    }

    private void read(ClusterRepository cluster, BackupRecord backup) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (FrameReader frames = cluster.frameReader()) {
            ManifestReader manifest = new ManifestReader(frames, backup.manifest());
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (entry.get() instanceof ManifestEntry.File file) {
                    Extent extent = manifest.extents(file).next().orElseThrow();
                    FrameAddress frame = ((Extent.Stored) extent).part().frame();
                    byte[] raw = new byte[frame.rawLength()];
                    frames.read(frame, raw);
                    found.put(file.path(), new String(raw, StandardCharsets.US_ASCII));
                }
            }
        }
        assertThat(found).isEqualTo(expected(backup));
    }

    void delete(ClusterRepository cluster, int seed) throws IOException {
        List<BackupRecord> backups = cluster.backups();
        if (!backups.isEmpty()) {
            BackupId victim = backups.get(Math.floorMod(seed, backups.size())).id();
            maybeDeleted.add(victim.value());
            try {
                cluster.delete(victim);
                saw("delete");
            } catch (NoSuchBackupException e) {
                saw("delete of a deleted backup");
            }
        }
    }

    CollectOutcome collect(ClusterRepository cluster, double limit) throws IOException {
        CollectOutcome outcome =
                cluster.collector(limit, CollectProgress.SILENT).run();
        assertThat(outcome.damaged()).isEmpty();
        saw("collect");
        if (outcome.rewrittenPacks() > 0) {
            saw("packs rewritten");
        }
        if (outcome.deletedPacks() > 0) {
            saw("packs deleted");
        }
        if (outcome.waitingPacks() > 0) {
            saw("packs waiting for a reader");
        }
        return outcome;
    }

    /** After every deletion, and at the end: all that exists can be read, and nobody who began earlier is hurried. */
    private void afterDelete(ObjectName name) throws IOException {
        ClusterRepository look = cluster(store);
        long mark = marked(name);
        assertThat(state().sessions())
                .as("those who began before the mark of %s", name)
                .allMatch(session -> session.entry() > mark);
        checkAllBackups(look);
    }

    private ClusterLog log() {
        ObjectName folder = new ObjectName("clusters/" + incarnation.id().value());
        return new ClusterLog(
                FramedObjects.unsealed(store),
                folder.child("log"),
                folder.child("packs"),
                () -> now,
                new Random(0),
                org.pgark.repository.log.LogMemory.NONE,
                SessionProcess.current());
    }

    private ClusterState state() throws IOException {
        return log().state();
    }

    private List<String> packNames() throws IOException {
        return log().packFolder().list().stream()
                .map(pack -> pack.id().toString())
                .toList();
    }

    /** The number of the entry that marked a pack; that of the last entry if it is swept already. */
    private long marked(ObjectName name) throws IOException {
        for (org.pgark.repository.collect.CollectLog.Unswept mark :
                log().collecting().unswept()) {
            if (mark.packs().goners().stream()
                    .anyMatch(pack -> name.lastPart().equals(pack.id().toString()))) {
                return mark.entry();
            }
        }
        return 0;
    }

    void checkAllBackups() throws IOException {
        checkAllBackups(cluster(store));
    }

    private void checkAllBackups(ClusterRepository look) throws IOException {
        for (BackupRecord backup : look.backups()) {
            read(look, backup);
        }
    }

    /** When all are done or dead, what nobody needs goes, and all that is left is needed. */
    void everythingDeadIsFreedAtLast() throws IOException {
        passTime(Duration.ofDays(8));
        cluster(store).checkLog();
        ClusterRepository last = cluster(store);
        collect(last, 0.5);
        checkAllBackups(last);
        CollectOutcome again = last.collector(0.5, CollectProgress.SILENT).run();
        assertThat(again.deletedPacks() + again.waitingPacks() + again.keptPacks() + again.rewrittenPacks())
                .isZero();
        Set<String> listed = new LinkedHashSet<>();
        for (BackupRecord backup : last.backups()) {
            last.packs(backup.id()).forEach(pack -> listed.add(pack.id().toString()));
        }
        assertThat(packNames()).containsExactlyInAnyOrderElementsOf(listed);
        for (BackupRecord backup : last.backups()) {
            last.delete(backup.id());
            collect(last, 0.5);
            checkAllBackups(last);
        }
        collect(last, 0.5);
        assertThat(packNames()).isEmpty();
        ClusterState state = state();
        assertThat(state.marks()).isEmpty();
        assertThat(state.deleted()).isEmpty();
        assertThat(state.sessions()).isEmpty();
    }
}

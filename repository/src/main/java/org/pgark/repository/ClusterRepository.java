package org.pgark.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.collect.Collector;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.ContentHashes;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.FrameRescue;
import org.pgark.repository.pack.PackCheck;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackCopier;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackRewriter;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;
import org.pgark.repository.pack.Relocation;
import org.pgark.repository.pack.RewrittenPacks;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.storage.ManyRequests;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/** What a repository keeps of one incarnation of a cluster. For several threads. */
public final class ClusterRepository {
    private static final long RESCUE_MEMORY = 8 << 20;

    private final FramedObjects objects;
    private final ObjectStore store;
    private final ObjectName folder;
    private final ObjectName packs;
    private final Incarnation incarnation;
    private final ContentHashes contentHashes;
    private final WalArchive.Presence presence;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ClusterLog log;
    private final Function<Compression, WalArchive> archives;
    private final WalArchive archive;

    ClusterRepository(
            FramedObjects objects,
            ObjectName folder,
            Incarnation incarnation,
            ContentHashes contentHashes,
            InstantSource clock,
            RandomGenerator random,
            SessionProcess process,
            WalArchive.Presence presence,
            LogMemory memory) {
        this.objects = objects;
        this.store = objects.store();
        this.folder = folder;
        this.packs = folder.child("packs");
        this.incarnation = incarnation;
        this.contentHashes = contentHashes;
        this.presence = presence;
        this.clock = clock;
        this.random = random;
        this.log = new ClusterLog(objects, folder.child("log"), packs, clock, random, memory, process);
        this.archives =
                compression -> new WalArchive(objects, folder.child("wal"), compression, clock, random, presence);
        this.archive = archives.apply(Compression.DEFAULT);
    }

    /** Where the repository is kept, in words for messages. */
    public String description() {
        return store.description();
    }

    /** The local directory that holds it; empty if it is elsewhere. */
    public Optional<Path> directory() {
        return store.directory();
    }

    /** The incarnation. */
    public Incarnation incarnation() {
        return incarnation;
    }

    /** All backups, in the order in which they were committed, as the log says now. */
    public List<BackupRecord> backups() throws IOException {
        return log.state().backups().stream()
                .map(ClusterState.Committed::backup)
                .toList();
    }

    /** The backups whose id begins with {@code prefix}. */
    public List<BackupRecord> find(String prefix) throws IOException {
        return backups().stream()
                .filter(backup -> backup.id().value().startsWith(prefix))
                .toList();
    }

    /**
     * Begins a backup that may share what the backup {@code base} needs. It has to be the only one of its origin: others
     * of the same origin are taken for dead.
     *
     * @param origin names the server, so that two of the same name are never backed up at once
     * @throws NoSuchBackupException if the base does not exist
     */
    public BackupSession beginBackup(String origin, BackupId base) throws IOException {
        return log.beginBackup(origin, Optional.of(base));
    }

    /** Like {@link #beginBackup(String, BackupId)}, for a backup that may share what any backup needs that exists now. */
    public BackupSession beginBackup(String origin) throws IOException {
        return log.beginBackup(origin, Optional.empty());
    }

    /**
     * Sees to it that a backup stays readable, even if it is deleted.
     *
     * @throws NoSuchBackupException if it does not exist, or not any more
     */
    public ReadSession beginReading(SessionKind kind, BackupId backup) throws IOException {
        return log.beginReading(kind, backup);
    }

    /**
     * Deletes a backup: it does not exist any more. What no other needs of it is freed by {@link #collector}.
     *
     * @throws NoSuchBackupException if it does not exist
     */
    public void delete(BackupId id) throws IOException {
        store.openReserve();
        log.delete(id);
    }

    /** What retention depends on, as the log says now. */
    public RetentionView retentionView() throws IOException {
        return log.retentionView();
    }

    /** What is known of the backups beyond that they exist, as the log says now. */
    public Care care() throws IOException {
        return log.state().care();
    }

    /**
     * Lets backups and WAL go: they do not exist any more, and what is left of them can be deleted. Does nothing if what
     * {@code view} says does not hold any more.
     *
     * @return whether it was done
     */
    public boolean expire(RetentionView view, List<BackupId> backups, ExpiredWal wal) throws IOException {
        store.openReserve();
        return log.expire(view, backups, wal);
    }

    /**
     * Says that a backup is to be kept, in the place of what was said before.
     *
     * @throws NoSuchBackupException if it does not exist
     */
    public void hold(BackupId id, Hold hold) throws IOException {
        log.hold(id, hold);
    }

    /** Whether this place is a copy of the repository, in which nothing is noted by whoever reads. */
    public boolean isCopy() throws IOException {
        return log.isCopy();
    }

    /**
     * Says that a server was restored from a backup, so that it and all WAL since stay for a while; not in a copy.
     *
     * @throws NoSuchBackupException if it does not exist
     */
    public void replaying(BackupId id, Replay replay) throws IOException {
        log.replaying(id, replay);
    }

    /**
     * Takes back that a backup is to be kept, by the user or after a restore.
     *
     * @return whether that had been said
     * @throws NoSuchBackupException if it does not exist
     */
    public boolean release(BackupId id) throws IOException {
        return log.release(id);
    }

    /** Remembers what a verification found. */
    public void checked(CheckReport report) throws IOException {
        log.checked(report);
    }

    /** The number of the last entry of the log. */
    public long lastEntry() throws IOException {
        return log.lastEntry();
    }

    /** Which share of all objects samples have read since each backup existed, 0 to 1, by the backups' ids. */
    public Map<String, Double> sampledShares() throws IOException {
        return log.sampledShares();
    }

    /** Ends the sessions of processes that died. */
    public void endStaleSessions() throws IOException {
        store.openReserve();
        log.collecting().endStaleSessions();
    }

    /**
     * What frees what no backup needs.
     *
     * @param limit packs of which a smaller share is needed are rewritten, 0 to 1
     */
    public Collector collector(double limit, CollectProgress progress) {
        return new Collector(
                log.collecting(),
                log.packFolder(),
                this::frameReader,
                () -> new PackRewriter(objects, packs, random),
                limit,
                progress);
    }

    /**
     * The packs that a backup needs; some may be among them that only others need.
     *
     * @throws NoSuchBackupException if the log has no such backup
     */
    public List<PackSummary> packs(BackupId id) throws IOException {
        ClusterState state = log.state();
        return log.packs(state.backup(id).orElseThrow(() -> new NoSuchBackupException(id.value())), state);
    }

    /** What locks what backups need; empty where the repository's place locks nothing. */
    public Optional<BackupLock> backupLock() {
        return store.lockPeriod()
                .map(period -> new BackupLock(store, folder, archive, this::packs, period, clock.instant()));
    }

    /** Those of the packs that are not there, or not as long as they should be. */
    public List<PackSummary> missing(List<PackSummary> expected) throws IOException {
        Map<ObjectName, Long> listed = new HashMap<>();
        for (StoredObject object : store.list(packs)) {
            listed.put(object.name(), object.size());
        }
        List<PackSummary> missing = new ArrayList<>();
        for (PackSummary pack : expected) {
            ObjectName name = PackNames.of(packs, pack.id());
            // A listing may be behind.
            if (!Objects.equals(listed.get(name), pack.size())
                    && store.size(name).orElse(-1) != pack.size()) {
                missing.add(pack);
            }
        }
        return missing;
    }

    /**
     * Makes sure that all packs that a backup needs are there in their full length; reads none of them.
     *
     * @throws NoSuchObjectException if one is missing
     * @throws DamagedObjectException if one has another length
     */
    public void checkPacks(BackupId id) throws IOException {
        new PackSizes(store, packs, ManyRequests.of(store, PackSizes.TOGETHER)).check(packs(id));
    }

    /**
     * Proves that the repository itself is there, so that what is not found in it is really missing.
     *
     * @throws IOException if it is not, for example because its file system is not mounted any more
     */
    public void checkPresence() throws IOException {
        presence.check();
    }

    /** A writer of new packs, for one worker. */
    public PackWriter newPack(Compression compression) {
        return new PackWriter(objects, packs, compression, random);
    }

    /**
     * Likewise.
     *
     * @param durable is told of each pack once it is durable
     */
    public PackWriter newPack(Compression compression, Consumer<PackSummary> durable) {
        return new PackWriter(objects, packs, compression, random, durable);
    }

    /** The file that is a pack, where the repository is a local directory. */
    public Optional<Path> file(PackSummary pack) {
        return directory()
                .map(place -> place.resolve(PackNames.of(packs, pack.id()).toString()));
    }

    /** A hasher of content, for one worker. */
    public ContentHasher contentHasher() {
        return contentHashes.hasher();
    }

    /** What stands in packs, kept in so many bytes of memory at most; for several threads. */
    public PackContentsCache packContents(long memory) {
        return new PackContentsCache(objects, packs, memory, log.rewritten());
    }

    /** Finds the content of damaged frames in other packs; it reads by {@code reader}, which nobody else may use. */
    public FrameRescue frameRescue(FrameReader reader) {
        return new FrameRescue(packContents(RESCUE_MEMORY), this::allPacks, reader, contentHasher());
    }

    private Set<ObjectId> allPacks() throws IOException {
        ClusterState state = log.state();
        Set<ObjectId> all = new TreeSet<>();
        for (ClusterState.Committed backup : state.backups()) {
            log.packs(backup, state).forEach(pack -> all.add(pack.id()));
        }
        return all;
    }

    /** A reader of frames, for one worker. */
    public FrameReader frameReader() {
        return new FrameReader(objects, packs, log.rewritten());
    }

    /** A copier of packs of another repository into this one, for one worker. */
    public PackCopier packCopier(ClusterRepository from) {
        return new PackCopier(from.objects, from.packs, objects, packs, contentHasher(), random);
    }

    /** Where frames of another repository stand here, by the packs that their packs were copied into. */
    public Relocation relocation(Map<ObjectId, ObjectId> copies) {
        return new RewrittenPacks(objects, packs, () -> copies);
    }

    /** A reader of whole packs that checks every byte, for one worker. */
    public PackCheck packCheck() {
        return new PackCheck(objects, packs);
    }

    /** The archived WAL, with new files compressed as is usual. */
    public WalArchive walArchive() {
        return archive;
    }

    /** The archived WAL, with new files compressed as {@code compression} says; the caller closes it. */
    public WalArchive walArchive(Compression compression) {
        return archives.apply(compression);
    }

    /** Reads the whole log of this cluster and checks that it is unbroken. */
    public void checkLog() throws IOException {
        log.checkAll();
    }

    void close() {
        archive.close();
    }
}

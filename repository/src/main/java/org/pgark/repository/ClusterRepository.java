package org.pgark.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.log.NumberedLog;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackCheck;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackNames;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/** What a repository keeps of one incarnation of a cluster. For several threads. */
public final class ClusterRepository {
    private final ObjectStore store;
    private final ObjectName packs;
    private final Incarnation incarnation;
    private final ContentKey contentKey;
    private final RandomGenerator random;
    private final NumberedLog<List<ClusterLogRules.Committed>> log;
    private final Function<Compression, WalArchive> archives;
    private final WalArchive archive;

    ClusterRepository(
            ObjectStore store,
            ObjectName folder,
            Incarnation incarnation,
            ContentKey contentKey,
            InstantSource clock,
            RandomGenerator random,
            WalArchive.Presence presence,
            LogMemory memory) {
        this.store = store;
        this.packs = folder.child("packs");
        this.incarnation = incarnation;
        this.contentKey = contentKey;
        this.random = random;
        this.log = new NumberedLog<>(store, folder.child("log"), new ClusterLogRules(), clock, random, memory);
        this.archives = compression -> new WalArchive(store, folder.child("wal"), compression, clock, random, presence);
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
        return log.head().state().stream()
                .map(ClusterLogRules.Committed::backup)
                .toList();
    }

    /** The backups whose id begins with {@code prefix}. */
    public List<BackupRecord> find(String prefix) throws IOException {
        return backups().stream()
                .filter(backup -> backup.id().value().startsWith(prefix))
                .toList();
    }

    private static Optional<ClusterLogRules.Committed> committed(List<ClusterLogRules.Committed> state, BackupId id) {
        return state.stream()
                .filter(committed -> committed.backup().id().equals(id))
                .findFirst();
    }

    /**
     * Makes a backup exist. Everything that it needs has to be durable before.
     *
     * @param needed all packs that it needs
     * @throws IOException if there is a backup of this id already
     */
    public void commit(BackupRecord backup, List<PackSummary> needed) throws IOException {
        log.append(state -> {
            if (committed(state, backup.id()).isPresent()) {
                throw new IOException("backup \"" + backup.id() + "\" exists already");
            }
            return Optional.of(ClusterLogRules.committed(backup, needed));
        });
    }

    /**
     * The packs that a backup needs.
     *
     * @throws IOException if the log has no such backup
     */
    public List<PackSummary> packs(BackupId id) throws IOException {
        ClusterLogRules.Committed committed = committed(log.head().state(), id)
                .orElseThrow(() -> new IOException("backup \"" + id + "\" does not exist"));
        try {
            return PackList.decode(log.packList(committed.entry()));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(log.name(committed.entry()), String.valueOf(e.getMessage()));
        }
    }

    /** Packs that no backup needs: those of a backup that was interrupted, or of one that is running. */
    public List<PackSummary> leftoverPacks() throws IOException {
        Set<ObjectId> needed = new HashSet<>();
        for (BackupRecord backup : backups()) {
            packs(backup.id()).forEach(pack -> needed.add(pack.id()));
        }
        List<PackSummary> leftovers = new ArrayList<>();
        for (StoredObject object : store.list(packs)) {
            PackNames.idOf(object.name())
                    .filter(id -> !needed.contains(id))
                    .ifPresent(id -> leftovers.add(new PackSummary(id, object.size())));
        }
        return leftovers;
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
        for (PackSummary pack : packs(id)) {
            ObjectName name = PackNames.of(packs, pack.id());
            OptionalLong size = store.size(name);
            if (size.isEmpty()) {
                throw new NoSuchObjectException(name, store.description());
            }
            if (size.getAsLong() != pack.size()) {
                throw new DamagedObjectException(
                        name, "it has " + size.getAsLong() + " bytes instead of " + pack.size());
            }
        }
    }

    /** A writer of new packs, for one worker. */
    public PackWriter newPack(Compression compression) {
        return new PackWriter(store, packs, compression, random);
    }

    /** A hasher of content, for one worker. */
    public ContentHasher contentHasher() {
        return new ContentHasher(contentKey);
    }

    /** What stands in packs, kept in so many bytes of memory at most; for several threads. */
    public PackContentsCache packContents(long memory) {
        return new PackContentsCache(store, packs, memory);
    }

    /** A reader of frames, for one worker. */
    public FrameReader frameReader() {
        return new FrameReader(store, packs);
    }

    /** A reader of whole packs that checks every byte, for one worker. */
    public PackCheck packCheck() {
        return new PackCheck(store, packs);
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

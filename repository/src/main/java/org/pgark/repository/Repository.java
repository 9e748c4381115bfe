package org.pgark.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.content.ContentHashes;
import org.pgark.repository.content.ContentHashing;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.log.LogHead;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.log.NumberedLog;
import org.pgark.repository.seal.Sealing;
import org.pgark.repository.writer.SingleWriterStore;
import org.pgark.repository.writer.SoleWriters;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/** A repository that is open. For several threads. */
public final class Repository implements AutoCloseable {
    private static final ObjectName LOG = new ObjectName("log");
    private static final ObjectName CLUSTERS = new ObjectName("clusters");
    private static final String LOG_MEMORY = "repository";
    private static final String KEY_MEMORY = "keys";

    private final ObjectStore store;
    private final RepositoryObject.Identity identity;
    private final Optional<RepositoryKeys> keys;
    private final FramedObjects objects;
    private final ContentHashes contentHashes;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final LogMemories memories;
    private final NumberedLog<List<Incarnation>> log;
    private final Map<ClusterId, ClusterRepository> opened = new ConcurrentHashMap<>();

    private Repository(
            ObjectStore store,
            RepositoryObject.Identity identity,
            Optional<RepositoryKeys> keys,
            InstantSource clock,
            RandomGenerator random,
            LogMemories memories) {
        this.store = store;
        this.identity = identity;
        this.keys = keys;
        this.objects = keys.map(there -> FramedObjects.encrypted(
                        store, new Sealing(there, identity.id().value(), there.nameKey())))
                .orElseGet(() -> FramedObjects.unsealed(store));
        this.contentHashes = new ContentHashes(
                identity.contentKey()
                        .or(() -> keys.map(there -> new ContentKey(there.contentKey())))
                        .orElseThrow(),
                identity.hashing());
        this.clock = clock;
        this.random = random;
        this.memories = memories;
        this.log = new NumberedLog<>(
                objects, LOG, new RepositoryLogRules(), clock, random, memories.of(identity.id(), LOG_MEMORY));
    }

    /**
     * Makes a new repository in an empty place and opens it. Closing it closes {@code store}.
     *
     * @param random draws all ids; must be unpredictable to others, so a {@link java.security.SecureRandom}
     * @throws org.pgark.storage.ObjectExistsException if there is one already
     */
    public static Repository create(ObjectStore store, InstantSource clock, RandomGenerator random) throws IOException {
        return create(store, Optional.empty(), clock, random);
    }

    /**
     * Likewise.
     *
     * @param writer if the place replaces objects whose names are taken: where this host keeps that it is the only one who
     *     writes to the repository
     */
    public static Repository create(
            ObjectStore store, Optional<SoleWriters> writer, InstantSource clock, RandomGenerator random)
            throws IOException {
        RepositoryId id = RepositoryId.random(random);
        RepositoryObject.Identity identity = new RepositoryObject.Identity(
                id, Optional.of(ContentKey.random(random)), ContentHashing.NH_HMAC, writer.isPresent());
        ObjectStore place = begun(store, id, writer, random);
        RepositoryObject.write(place, identity, clock.instant());
        place.keepReserve();
        return new Repository(place, identity, Optional.empty(), clock, random, LogMemories.NONE);
    }

    private static ObjectStore begun(
            ObjectStore store, RepositoryId id, Optional<SoleWriters> writer, RandomGenerator random)
            throws IOException {
        if (writer.isEmpty()) {
            return store;
        }
        if (store.size(RepositoryObject.NAME).isPresent()) {
            throw new ObjectExistsException(RepositoryObject.NAME, store.description());
        }
        SingleWriterStore single = new SingleWriterStore(store, id.value(), writer.get());
        single.takeOver(random);
        return single;
    }

    /**
     * Makes a new encrypted repository in an empty place and opens it. Closing it closes {@code store}.
     *
     * @param recipients who can open it; its keys are durable before the repository exists
     * @throws org.pgark.storage.ObjectExistsException if there is one already
     */
    public static Repository createEncrypted(
            ObjectStore store, List<RepositoryKeys.Named> recipients, InstantSource clock, RandomGenerator random)
            throws IOException {
        return createEncrypted(store, Optional.empty(), recipients, clock, random);
    }

    /** Likewise; of {@code writer} see {@link #create(ObjectStore, Optional, InstantSource, RandomGenerator)}. */
    public static Repository createEncrypted(
            ObjectStore store,
            Optional<SoleWriters> writer,
            List<RepositoryKeys.Named> recipients,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        RepositoryId id = RepositoryId.random(random);
        RepositoryObject.Identity identity =
                new RepositoryObject.Identity(id, Optional.empty(), ContentHashing.NH_HMAC, writer.isPresent());
        ObjectStore place = begun(store, id, writer, random);
        RepositoryKeys.create(place, id.value(), recipients, clock.instant(), random);
        RepositoryKeys keys = RepositoryKeys.open(
                place,
                id.value(),
                recipients.stream().map(RepositoryKeys.Named::holder).toList(),
                Optional.empty(),
                LogMemory.NONE);
        RepositoryObject.write(place, identity, clock.instant());
        place.keepReserve();
        return new Repository(place, identity, Optional.of(keys), clock, random, LogMemories.NONE);
    }

    /** Opens a repository, without a memory of its logs. */
    public static Repository open(
            ObjectStore store, Optional<RepositoryId> expected, InstantSource clock, RandomGenerator random)
            throws IOException {
        return open(
                store,
                expected.map(RepositoryAccess::of).orElse(RepositoryAccess.ANY),
                clock,
                random,
                LogMemories.NONE);
    }

    /**
     * Opens a repository. Closing it closes {@code store}.
     *
     * @param access what it must be, and who can open its keys
     * @param random draws all ids; must be unpredictable to others, so a {@link java.security.SecureRandom}
     * @param memories what this client has seen of the logs before; a log that lacks it is not read
     * @throws NoRepositoryException if there is none in this place, or another one
     * @throws KeyException if it is not encrypted though it must be, or cannot be opened
     */
    public static Repository open(
            ObjectStore store,
            RepositoryAccess access,
            InstantSource clock,
            RandomGenerator random,
            LogMemories memories)
            throws IOException {
        RepositoryObject.Identity identity = RepositoryObject.read(store);
        if (access.id().isPresent() && !access.id().get().equals(identity.id())) {
            throw new NoRepositoryException(
                    "the repository in " + store.description() + " is " + identity.id() + ", not the expected "
                            + access.id().get(),
                    true);
        }
        ObjectStore place = identity.singleWriter()
                ? new SingleWriterStore(store, identity.id().value(), access.writers())
                : store;
        return new Repository(place, identity, keys(place, access, identity, memories), clock, random, memories);
    }

    /**
     * Makes this host the writer of a repository that can only have one; whoever was it before is refused from now on.
     *
     * @return false if the repository can have any number of writers, so that nothing was done
     */
    public static boolean takeOver(ObjectStore store, SoleWriters writers, RandomGenerator random) throws IOException {
        RepositoryObject.Identity identity = RepositoryObject.read(store);
        if (identity.singleWriter()) {
            new SingleWriterStore(store, identity.id().value(), writers).takeOver(random);
        }
        return identity.singleWriter();
    }

    /** Whether this host is the only one that may write to it; empty if any number may. */
    public Optional<Boolean> isSoleWriter() throws IOException {
        return store instanceof SingleWriterStore single ? Optional.of(single.isWriter()) : Optional.empty();
    }

    private static Optional<RepositoryKeys> keys(
            ObjectStore store, RepositoryAccess access, RepositoryObject.Identity identity, LogMemories memories)
            throws IOException {
        if (!identity.isEncrypted()) {
            if (access.mustBeEncrypted()) {
                throw new KeyException(
                        "repository_not_encrypted",
                        "the repository in " + store.description()
                                + " is not encrypted, but the configuration says that it must be",
                        "Nothing was written to it. Somebody may have put it in the place of the encrypted one.");
            }
            return Optional.empty();
        }
        if (access.holders().isEmpty()) {
            throw new KeyException(
                    "no_key",
                    "the repository in " + store.description() + " is encrypted, and no key for it is configured",
                    "Set key-file, passphrase-command, key-command or kms in its [repository.NAME].");
        }
        String id = identity.id().value();
        return Optional.of(RepositoryKeys.open(
                store, id, access.holders(), access.fingerprint(), memories.of(identity.id(), KEY_MEMORY)));
    }

    /**
     * What anybody can see of a repository.
     *
     * @param id which it is
     * @param encrypted whether it says that it is encrypted
     * @param singleWriter whether it can only have one writer
     */
    public record Appearance(RepositoryId id, boolean encrypted, boolean singleWriter) {}

    /** What there is in a place; empty if it is no repository. */
    public static Optional<Appearance> look(ObjectStore store) throws IOException {
        try {
            RepositoryObject.Identity identity = RepositoryObject.read(store);
            return Optional.of(new Appearance(identity.id(), identity.isEncrypted(), identity.singleWriter()));
        } catch (NoRepositoryException e) {
            return Optional.empty();
        }
    }

    /** Fails if this repository is not there any more, for example because its file system was unmounted. */
    private void check() throws IOException {
        RepositoryObject.Identity found;
        try {
            found = RepositoryObject.read(store);
        } catch (DamagedObjectException e) {
            // Says nothing of the object for whose absence this is asked.
            throw new IOException(e.getMessage(), e);
        }
        if (!found.id().equals(identity.id()) || found.isEncrypted() != identity.isEncrypted()) {
            throw new NoRepositoryException(
                    "the repository in " + store.description() + " is " + found.id() + ", " + words(found) + ", not "
                            + identity.id() + ", " + words(identity) + ", any more",
                    true);
        }
    }

    private static String words(RepositoryObject.Identity identity) {
        return identity.isEncrypted() ? "encrypted" : "not encrypted";
    }

    /** Its keys; empty if it is not encrypted. */
    public Optional<RepositoryKeys> keys() {
        return keys;
    }

    /** Its id. */
    public RepositoryId id() {
        return identity.id();
    }

    /** Where it is kept, in words for messages. */
    public String description() {
        return store.description();
    }

    /** The local directory that holds it; empty if it is elsewhere. */
    public Optional<Path> directory() {
        return store.directory();
    }

    /** All clusters that were registered, by name. */
    public List<ClusterCatalog> clusters() throws IOException {
        Map<String, List<Incarnation>> byName = new TreeMap<>();
        for (Incarnation incarnation : registered()) {
            byName.computeIfAbsent(incarnation.name(), _ -> new ArrayList<>()).add(incarnation);
        }
        return byName.entrySet().stream()
                .map(entry -> new ClusterCatalog(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The incarnations of a cluster; none if the name is not registered. */
    public ClusterCatalog cluster(String name) throws IOException {
        return catalog(name, registered());
    }

    private List<Incarnation> registered() throws IOException {
        LogHead<List<Incarnation>> head = log.head();
        if (head.number() == 0) {
            List<String> folders = store.folders(CLUSTERS);
            if (!folders.isEmpty()) {
                throw new DamagedObjectException(
                        log.name(1), "it is missing, though there is \"" + CLUSTERS.child(folders.getFirst()) + "\"");
            }
        }
        return head.state();
    }

    private static ClusterCatalog catalog(String name, List<Incarnation> state) {
        return new ClusterCatalog(
                name,
                state.stream()
                        .filter(incarnation -> incarnation.name().equals(name))
                        .toList());
    }

    /**
     * Registers an incarnation, which is the newest of its name from then on. The one that has this system identifier already
     * stays the same, but for when it was registered, if it was not the newest: after an upgrade that was taken back, say.
     */
    public Incarnation registerCluster(
            String name, SystemIdentifier systemIdentifier, PostgresMajor major, WalSegmentSize segmentSize)
            throws IOException {
        ClusterId id = ClusterId.random(random);
        List<Incarnation> state = log.append(before -> {
                    ClusterCatalog catalog = catalog(name, before);
                    Optional<Incarnation> known = catalog.of(systemIdentifier);
                    return known.isPresent() && catalog.newest().equals(known)
                            ? Optional.empty()
                            : RepositoryLogRules.registered(
                                    new Incarnation(
                                            known.map(Incarnation::id).orElse(id),
                                            name,
                                            systemIdentifier,
                                            major,
                                            segmentSize,
                                            clock.instant()),
                                    Optional.empty());
                })
                .state();
        return catalog(name, state).of(systemIdentifier).orElseThrow();
    }

    /**
     * Registers an incarnation of which another repository has backups, or finds it. It gets its place among those of its
     * name: one that is older does not become the newest by being brought later.
     *
     * @param there the incarnations of that name in the other repository, this one among them
     */
    public Incarnation registerCopy(Incarnation copied, ClusterCatalog there) throws IOException {
        Incarnation incarnation = new Incarnation(
                ClusterId.random(random),
                copied.name(),
                copied.systemIdentifier(),
                copied.major(),
                copied.segmentSize(),
                copied.registered());
        List<Incarnation> state = log.append(before -> {
                    ClusterCatalog here = catalog(copied.name(), before);
                    return here.of(copied.systemIdentifier()).isPresent()
                            ? Optional.empty()
                            : RepositoryLogRules.registered(
                                    incarnation, here.after(copied, there).map(Incarnation::id));
                })
                .state();
        return catalog(copied.name(), state).of(copied.systemIdentifier()).orElse(incarnation);
    }

    /** What is kept of one incarnation; the same object each time. */
    public ClusterRepository open(Incarnation incarnation) {
        return opened.computeIfAbsent(
                incarnation.id(),
                clusterId -> new ClusterRepository(
                        objects,
                        CLUSTERS.child(clusterId.value()),
                        incarnation,
                        contentHashes,
                        clock,
                        random,
                        SessionProcess.current(),
                        this::check,
                        memories.of(identity.id(), clusterId.value())));
    }

    /** Clears away what processes left behind that died more than {@code olderThan} ago in the middle of writing. */
    public void removeLeftovers(java.time.Duration olderThan) throws IOException {
        store.removeLeftovers(olderThan);
    }

    /** Reads the whole log of the repository and checks that it is unbroken. */
    public void checkLog() throws IOException {
        log.checkAll();
    }

    /** Closes the store. */
    @Override
    public void close() throws IOException {
        opened.values().forEach(ClusterRepository::close);
        store.close();
    }
}

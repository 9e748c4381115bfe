package org.pgark.repository.key;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.log.SeenEntry;
import org.pgark.repository.seal.DataKey;
import org.pgark.repository.seal.DataKeys;
import org.pgark.storage.ObjectStore;

/** The keys of a repository, opened by somebody who may. For several threads. */
public final class RepositoryKeys implements DataKeys {
    private static final int KEY_LENGTH = 32;
    private static final String CONTENT = "pgark content key 1";
    private static final String NAMES = "pgark names 1";
    /** How long a new data key may stay unnoticed. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final KeyRingObjects objects;
    private final String repositoryId;
    private final String place;
    private final List<KeyHolder> holders;
    private final Optional<String> fingerprint;
    private final LogMemory memory;
    private volatile Opened opened;
    private volatile long lookedNanos;

    /**
     * @param exported whether the ring is one that was exported, so that the repository may have newer keys
     * @param sha256 of the object; empty if the ring is one that was exported, and the repository has none
     */
    private record Opened(
            long revision,
            Instant created,
            List<Recipient> recipients,
            KeyRing ring,
            String openedBy,
            boolean exported,
            Optional<String> sha256) {}

    private RepositoryKeys(
            ObjectStore store,
            String repositoryId,
            List<KeyHolder> holders,
            Optional<String> fingerprint,
            LogMemory memory)
            throws IOException {
        this.objects = new KeyRingObjects(store, repositoryId);
        this.repositoryId = repositoryId;
        this.place = store.description();
        this.holders = List.copyOf(holders);
        this.fingerprint = fingerprint;
        this.memory = memory;
        this.opened = read(this.holders);
    }

    /**
     * Opens the keys.
     *
     * @param holders asked one after the other
     * @param fingerprint that the ring must have, if it is known
     * @param memory which revision was seen last
     * @throws KeyException if none of the holders can open them, or they are not the right ones
     */
    public static RepositoryKeys open(
            ObjectStore store,
            String repositoryId,
            List<KeyHolder> holders,
            Optional<String> fingerprint,
            LogMemory memory)
            throws IOException {
        return new RepositoryKeys(store, repositoryId, holders, fingerprint, memory);
    }

    /** A holder who shall be able to open the keys, and what he is called. */
    public record Named(String name, KeyHolder holder) {}

    /** Makes the keys of a new repository; they are durable when this returns. */
    public static void create(
            ObjectStore store, String repositoryId, List<Named> holders, Instant now, RandomGenerator random)
            throws IOException {
        if (holders.isEmpty()) {
            throw new IllegalArgumentException("an encrypted repository needs somebody who can open it");
        }
        byte[] bytes = new RingChange(repositoryId, random).add(holders).encode(1, now, KeyRing.random(random, now));
        if (!new KeyRingObjects(store, repositoryId).write(1, bytes)) {
            throw new IOException("there are keys of repository " + repositoryId + " in " + store.description());
        }
    }

    private Opened read(List<KeyHolder> asked) throws IOException {
        Optional<KeyRingObjects.Found> found = objects.newest();
        checkNotRolledBack(found);
        List<KeyException> reasons = new ArrayList<>();
        Optional<Opened> result = found.isPresent() ? unwrap(found.get(), asked, reasons) : Optional.empty();
        if (result.isEmpty()) {
            result = exported(found, asked, reasons);
        }
        if (result.isEmpty()) {
            throw notOpened(found, reasons);
        }
        String actual = result.get().ring().fingerprint(repositoryId);
        if (fingerprint.isPresent() && !fingerprint.get().equals(actual)) {
            throw new KeyException(
                    "wrong_keys",
                    "the keys of the repository in " + place + " have the fingerprint " + actual + ", not the expected "
                            + fingerprint.get(),
                    "Somebody may have put other keys in their place. Compare with the configuration of another host.");
        }
        found.ifPresent(there -> memory.remember(new SeenEntry(there.object().revision(), there.sha256())));
        lookedNanos = System.nanoTime();
        return result.get();
    }

    private void checkNotRolledBack(Optional<KeyRingObjects.Found> found) throws KeyException {
        Optional<SeenEntry> seen = memory.recall();
        if (seen.isEmpty()) {
            return;
        }
        long revision = found.map(there -> there.object().revision()).orElse(0L);
        boolean changed = seen.get().number() == revision
                && !found.orElseThrow().sha256().equals(seen.get().sha256());
        if (seen.get().number() > revision || changed) {
            throw new KeyException(
                    "keys_rolled_back",
                    "the keys of the repository in " + place + " were seen as revision "
                            + seen.get().number() + " before, and now "
                            + (changed ? "this is another one" : "they are revision " + revision),
                    "Bring object \"" + objects.name(seen.get().number()) + "\" back. If the repository was put back to"
                            + " an older state on purpose, remove \"" + memory.place() + "\" and run the command"
                            + " again.");
        }
    }

    private Optional<Opened> unwrap(KeyRingObjects.Found found, List<KeyHolder> asked, List<KeyException> reasons)
            throws IOException {
        for (KeyHolder holder : asked) {
            for (Recipient recipient : found.object().recipients()) {
                if (recipient.kind() == holder.kind()) {
                    Optional<Opened> result = unwrap(found, holder, recipient, reasons);
                    if (result.isPresent()) {
                        return result;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Opened> unwrap(
            KeyRingObjects.Found found, KeyHolder holder, Recipient recipient, List<KeyException> reasons)
            throws IOException {
        try {
            Optional<byte[]> ringKey = holder.unwrap(recipient, repositoryId);
            if (ringKey.isEmpty()) {
                return Optional.empty();
            }
            Optional<KeyRing> ring = found.object().open(found.name(), ringKey.get());
            if (ring.isEmpty()) {
                reasons.add(new KeyException(
                        "wrong_key",
                        "object \"" + found.name() + "\" is not what " + recipient.name() + "'s key was given for",
                        ""));
            }
            return ring.map(there -> new Opened(
                    found.object().revision(),
                    found.object().created(),
                    found.object().recipients(),
                    there,
                    recipient.name(),
                    false,
                    Optional.of(found.sha256())));
        } catch (KeyException e) {
            reasons.add(e);
            return Optional.empty();
        }
    }

    private Optional<Opened> exported(
            Optional<KeyRingObjects.Found> found, List<KeyHolder> asked, List<KeyException> reasons)
            throws IOException {
        for (KeyHolder holder : asked) {
            Optional<ExportedKeys> keys = exported(holder, reasons);
            if (keys.isPresent() && keys.get().repositoryId().equals(repositoryId)) {
                return Optional.of(new Opened(
                        keys.get().revision(),
                        keys.get().exported(),
                        found.map(there -> there.object().recipients()).orElse(List.of()),
                        keys.get().ring(),
                        "exported keys of revision " + keys.get().revision(),
                        true,
                        found.map(KeyRingObjects.Found::sha256)));
            }
        }
        return Optional.empty();
    }

    private static Optional<ExportedKeys> exported(KeyHolder holder, List<KeyException> reasons) throws IOException {
        try {
            return holder.exported();
        } catch (KeyException e) {
            reasons.add(e);
            return Optional.empty();
        }
    }

    private KeyException notOpened(Optional<KeyRingObjects.Found> found, List<KeyException> reasons) {
        if (found.isEmpty()) {
            return new KeyException(
                    "keys_missing",
                    "the keys of the repository in " + place + " are missing: there is no object \"" + objects.name(1)
                            + "\" or later",
                    "Bring the object back, or name a file that \"pgark key export\" wrote as key-file.");
        }
        String who = holders.stream().map(KeyHolder::description).collect(Collectors.joining(", "));
        String recipients = found.get().object().recipients().stream()
                .map(Recipient::toString)
                .collect(Collectors.joining(", "));
        String others = "The repository can be opened by: " + recipients + ".";
        if (reasons.isEmpty()) {
            return new KeyException(
                    "wrong_key",
                    "the keys of the repository in " + place + " cannot be opened with " + who
                            + ": it is none of the repository's recipients",
                    others);
        }
        KeyException first = reasons.getFirst();
        String told = reasons.stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("; "));
        return new KeyException(
                first.code(),
                "the keys of the repository in " + place + " cannot be opened: " + told,
                first.hint().isEmpty() ? others : first.hint() + " " + others,
                first);
    }

    /**
     * The data key for new objects. A process that runs for long notices within some minutes that others have rotated the
     * keys; if it cannot open them any more, it seals nothing.
     */
    @Override
    public DataKey current() throws IOException {
        if (System.nanoTime() - lookedNanos >= FRESH.toNanos()) {
            refreshIfChanged();
        }
        return opened.ring().current();
    }

    private synchronized void refreshIfChanged() throws IOException {
        if (System.nanoTime() - lookedNanos >= FRESH.toNanos()) {
            if (objects.newest().map(KeyRingObjects.Found::sha256).equals(opened.sha256())) {
                lookedNanos = System.nanoTime();
            } else {
                refresh();
            }
        }
    }

    @Override
    public Optional<DataKey> find(int number) throws IOException {
        DataKey known = opened.ring().dataKeys().get(number);
        if (known != null) {
            return Optional.of(known);
        }
        refresh();
        DataKey found = opened.ring().dataKeys().get(number);
        if (found == null
                && opened.exported()
                && number > opened.ring().current().number()) {
            // To call damaged what was only sealed later would let it be replaced.
            throw new KeyException(
                    "old_export",
                    "data key " + number + " of the repository in " + place
                            + " is not among the exported keys of revision " + opened.revision(),
                    "They were exported before there was that key. Use a recipient's key, or keys that were exported"
                            + " later.");
        }
        return Optional.ofNullable(found);
    }

    /** Looks whether others have changed the keys. */
    public synchronized void refresh() throws IOException {
        Opened now = read(holders);
        if (now.revision() >= opened.revision()) {
            opened = now;
        }
    }

    /** The key of the repository's content hashes, as 64 hexadecimal digits. */
    public String contentKey() {
        return HexFormat.of().formatHex(opened.ring().derived(repositoryId, CONTENT, KEY_LENGTH));
    }

    /** By what names of objects speak of contents. */
    public byte[] nameKey() {
        return opened.ring().derived(repositoryId, NAMES, KEY_LENGTH);
    }

    /** By what the keys are known: 32 hexadecimal digits that tell no key. */
    public String fingerprint() {
        return opened.ring().fingerprint(repositoryId);
    }

    /** Of which repository they are: 32 hexadecimal digits. */
    public String repositoryId() {
        return repositoryId;
    }

    /** The data key for new objects, as far as it was looked. */
    public DataKey newest() {
        return opened.ring().current();
    }

    /** The number of the revision. */
    public long revision() {
        return opened.revision();
    }

    /** When it was written. */
    public Instant created() {
        return opened.created();
    }

    /** Who can open the keys. */
    public List<Recipient> recipients() {
        return opened.recipients();
    }

    /** The recipient as which they were opened now. */
    public String openedBy() {
        return opened.openedBy();
    }

    /** All data keys, by number. */
    public List<DataKey> dataKeys() {
        return List.copyOf(opened.ring().dataKeys().values());
    }

    /** Everything, to be kept elsewhere. */
    public ExportedKeys export(Instant now) {
        return new ExportedKeys(repositoryId, opened.revision(), now, opened.ring());
    }

    /**
     * Writes a new revision under a new ring key, which is wrapped anew for every recipient.
     *
     * @param change what else changes
     * @throws KeyException if a recipient's own holder is needed for that and is not at hand
     */
    public synchronized void rotate(RotationRequest change, InstantSource clock, RandomGenerator random)
            throws IOException {
        while (true) {
            Opened before = read(holders);
            long last = objects.newest().map(found -> found.object().revision()).orElse(0L);
            if (last > before.revision()) {
                throw new KeyException(
                        "old_export",
                        "the exported keys are of revision " + before.revision() + ", the repository's of revision "
                                + last,
                        "They open what was sealed until then, but cannot take the place of the newer ones.");
            }
            Instant now = clock.instant();
            KeyRing ring = change.newDataKey() ? before.ring().withNewDataKey(random, now) : before.ring();
            byte[] bytes = new RingChange(repositoryId, random)
                    .keep(kept(before, change), ring, holders)
                    .add(change.added())
                    .encode(last + 1, now, ring);
            if (objects.write(last + 1, bytes)) {
                List<KeyHolder> all = new ArrayList<>(holders);
                change.added().forEach(added -> all.add(added.holder()));
                opened = read(all);
                objects.deleteBefore(last + 1);
                return;
            }
        }
    }

    private static List<Recipient> kept(Opened before, RotationRequest change) throws KeyException {
        Map<String, Recipient> kept = new TreeMap<>();
        before.recipients().forEach(recipient -> kept.put(recipient.name(), recipient));
        for (String name : change.removed()) {
            if (kept.remove(name) == null) {
                throw new KeyException(
                        "no_such_recipient",
                        "the repository has no recipient \"" + name + "\"",
                        "\"pgark key list\" shows those that there are.");
            }
        }
        for (Named added : change.added()) {
            if (kept.containsKey(added.name())) {
                throw new KeyException(
                        "recipient_exists",
                        "the repository has a recipient \"" + added.name() + "\" already",
                        "Choose another name, or remove that one with \"pgark key rotate --remove " + added.name()
                                + "\".");
            }
        }
        if (kept.isEmpty() && change.added().isEmpty()) {
            throw new KeyException("last_recipient", "nobody could open the repository any more", "");
        }
        return List.copyOf(kept.values());
    }
}

package org.pgark.repository.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.repository.writer.CopyMark;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/**
 * Copies to another place what of a repository is not there yet. The copy is the same repository, with the same keys. It may
 * be killed at any time and begun again, and may run beside backups, WAL archiving and collection.
 */
public final class RepositoryCopy {
    private static final int MOST_ROUNDS = 5;

    // What a log entry refers to is there before the entry is. A log's end is looked up first; then contents are
    // listed, and again if the log has gone on meanwhile, since what its end refers to may have been collected
    // before it was listed. Then they are copied, then the entries up to those ends, one after the other. What makes
    // a place a repository comes last of all.
    private final ObjectStore from;
    private final ObjectStore to;
    private final ObjectCopier copier;
    private final boolean again;
    private final Set<ObjectName> compared = new HashSet<>();

    /**
     * Prepares a copy.
     *
     * @param parallel how many objects are under way at once; each takes a buffer of 4 MiB
     * @param again whether a place that was given to a server since it was a copy shall be one again
     */
    public RepositoryCopy(ObjectStore from, ObjectStore to, int parallel, boolean again, CopyProgress progress) {
        this.from = from;
        this.to = to;
        this.again = again;
        this.copier = new ObjectCopier(from, to, parallel, progress);
    }

    /**
     * Copies.
     *
     * @throws DifferentRepositoryException if the other place is no copy of this repository, or has gone on by itself
     * @throws PromotedCopyException if the other place has been given to a server since it was a copy
     * @throws DifferentObjectException if an object has another size there, so that one of the two is damaged, or another server's
     * @throws IOException if either place fails; what was copied stays
     */
    public CopyOutcome run() throws IOException, InterruptedException {
        if (from.size(RepositoryNames.REPOSITORY).isEmpty()) {
            throw new IOException(from.description() + " is no pgark repository");
        }
        requireSameRepository();
        for (int round = 1; ; round++) {
            RepositoryListing listing = RepositoryListing.of(from);
            requireSameLogs(listing.logs());
            requireSameKeys();
            if (!new CopyMark(to).set(again)) {
                throw new PromotedCopyException(
                        to.description() + " has been given to a server since it was copied to");
            }
            boolean complete = copier.copy(missing(listing.contents()));
            if (complete) {
                copyLogs(listing.logs());
                return copier.outcome();
            }
            if (round == MOST_ROUNDS) {
                throw new IOException(
                        "objects of " + from.description() + " were deleted again and again while they were copied");
            }
        }
    }

    private void requireSameRepository() throws IOException {
        if (to.size(RepositoryNames.REPOSITORY).isPresent() && !isSame(RepositoryNames.REPOSITORY)) {
            throw new DifferentRepositoryException(
                    to.description() + " is another repository than " + from.description());
        }
    }

    private boolean isSame(ObjectName name) throws IOException {
        return copier.read(from, name).equals(copier.read(to, name));
    }

    /** Each entry carries the hash of the one before; so the last one that the copy has speaks for all. */
    private void requireSameLogs(Map<ObjectName, List<StoredObject>> logs) throws IOException {
        RepositoryNames names = new RepositoryNames(to);
        for (ObjectName log : names.logs()) {
            List<StoredObject> theirs = names.entries(log);
            if (theirs.isEmpty()) {
                continue;
            }
            ObjectName last = theirs.getLast().name();
            boolean known = logs.getOrDefault(log, List.of()).stream()
                    .anyMatch(entry -> entry.name().equals(last));
            if (!known || !isSame(last)) {
                throw goneOn(last);
            }
            theirs.forEach(entry -> compared.add(entry.name()));
        }
    }

    /** A ring that one of the two has alone opens nothing of what the other has sealed since. */
    private void requireSameKeys() throws IOException {
        NavigableSet<String> ours = new TreeSet<>();
        from.list(RepositoryNames.KEYS).forEach(ring -> ours.add(ring.name().value()));
        for (StoredObject ring : to.list(RepositoryNames.KEYS)) {
            String name = ring.name().value();
            if (ours.contains(name) ? !isSame(ring.name()) : ours.ceiling(name) == null) {
                throw goneOn(ring.name());
            }
        }
    }

    private List<StoredObject> missing(List<StoredObject> contents) throws IOException {
        Map<ObjectName, Long> theirs = new HashMap<>();
        new RepositoryNames(to).contents().forEach(object -> theirs.put(object.name(), object.size()));
        List<StoredObject> missing = new ArrayList<>();
        for (StoredObject object : contents) {
            Long size = theirs.get(object.name());
            if (size == null) {
                missing.add(object);
            } else if (size != object.size()) {
                throw new DifferentObjectException("object \"" + object.name() + "\" has " + object.size()
                        + " bytes in " + from.description() + " and " + size + " in " + to.description());
            } else {
                copier.noteThere();
            }
        }
        return missing;
    }

    private void copyLogs(Map<ObjectName, List<StoredObject>> logs) throws IOException {
        for (StoredObject key : from.list(RepositoryNames.KEYS)) {
            copyUnlessThere(key);
        }
        for (List<StoredObject> entries : logs.values()) {
            for (StoredObject entry : entries) {
                copyEntry(entry);
            }
        }
        long size = from.size(RepositoryNames.REPOSITORY)
                .orElseThrow(() -> new NoSuchObjectException(RepositoryNames.REPOSITORY, from.description()));
        copyUnlessThere(new StoredObject(RepositoryNames.REPOSITORY, size));
    }

    /** Nothing comes behind an entry that another has written here since the logs were compared. */
    private void copyEntry(StoredObject entry) throws IOException {
        if (compared.contains(entry.name())) {
            copier.noteThere();
        } else if (!copier.copy(entry) && !isSame(entry.name())) {
            throw goneOn(entry.name());
        }
    }

    private DifferentRepositoryException goneOn(ObjectName entry) {
        return new DifferentRepositoryException(to.description() + " has gone on by itself: its \"" + entry
                + "\" is not that of " + from.description());
    }

    private void copyUnlessThere(StoredObject object) throws IOException {
        if (to.size(object.name()).isPresent()) {
            copier.noteThere();
        } else {
            copier.copy(object);
        }
    }
}

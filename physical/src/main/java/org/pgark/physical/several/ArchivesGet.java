package org.pgark.physical.several;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.FetchedWal;
import org.pgark.physical.wal.WalFetching;
import org.pgark.physical.wal.WalGet;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.Incarnation;
import org.pgark.repository.frame.DamagedObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches files of the archives of all repositories of a cluster: from the nearest that has them whole and sound. A file
 * counts as absent only if none has it, which each has to prove.
 */
public final class ArchivesGet implements WalFetching {
    private static final Logger LOG = LoggerFactory.getLogger(ArchivesGet.class);

    private final Archives archives;

    /** From these archives. */
    public ArchivesGet(Archives archives) {
        this.archives = archives;
    }

    /** One way to ask one archive. */
    private interface Question {
        OptionalLong ask(WalGet archive) throws OperationException;
    }

    @Override
    public Optional<FetchedWal> fetch(SystemIdentifier system, WalFileName name, Path target)
            throws OperationException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            return new WalGet(current.lanes().getFirst().access()).fetch(system, name, target);
        }
        OptionalLong whole = first(current, name, archive -> archive.getArchived(system, name, target));
        if (whole.isPresent()) {
            return Optional.of(new FetchedWal(whole.getAsLong(), false));
        }
        // What a receiver is still saving may be whole elsewhere, so it comes last.
        OptionalLong found = first(current, name, archive -> archive.get(system, name, target));
        return found.isPresent() ? Optional.of(new FetchedWal(found.getAsLong(), true)) : Optional.empty();
    }

    @Override
    public OptionalLong getArchived(SystemIdentifier system, WalFileName name, Path target) throws OperationException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            return new WalGet(current.lanes().getFirst().access()).getArchived(system, name, target);
        }
        return first(current, name, archive -> archive.getArchived(system, name, target));
    }

    @Override
    public OptionalLong getOfNewest(WalFileName name, Path target) throws OperationException {
        Archives.Current current = archives.current();
        if (current.isSingle()) {
            return new WalGet(current.lanes().getFirst().access()).getOfNewest(name, target);
        }
        return get(newestSystem(current), name, target);
    }

    private static SystemIdentifier newestSystem(Archives.Current current) throws OperationException {
        Optional<Incarnation> newest = Optional.empty();
        Optional<OperationException> failure = Optional.empty();
        for (Lane lane : current.lanes()) {
            try (ArchiveAccess.Use use = lane.access().useNewest()) {
                Incarnation found = use.incarnation();
                if (newest.isEmpty() || newest.get().registered().isBefore(found.registered())) {
                    newest = Optional.of(found);
                }
            } catch (OperationException e) {
                failure = Optional.of(failure.orElse(e));
            }
        }
        if (newest.isEmpty()) {
            throw failure.orElseThrow();
        }
        return newest.get().systemIdentifier();
    }

    private static OptionalLong first(Archives.Current current, WalFileName name, Question question)
            throws OperationException {
        Optional<OperationException> failure = Optional.empty();
        for (Lane lane : inOrder(current)) {
            try {
                OptionalLong size = question.ask(new WalGet(lane.access()));
                lane.answered();
                if (size.isPresent()) {
                    return size;
                }
            } catch (OperationException e) {
                if (!e.code().equals("wal_hole") && !(e.getCause() instanceof DamagedObjectException)) {
                    lane.failed(e);
                }
                LOG.warn("{} is not fetched from repository \"{}\": {}", name, lane.name(), e.getMessage());
                failure = Optional.of(failure.orElse(inWords(lane, e)));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return OptionalLong.empty();
    }

    private static OperationException inWords(Lane lane, OperationException failure) {
        return new FailedException(
                failure.code(),
                "repository \"" + lane.name() + "\": " + failure.getMessage(),
                failure.hint().orElse(""),
                failure);
    }

    /** The nearest first, but those last that failed a moment ago. */
    private static List<Lane> inOrder(Archives.Current current) {
        List<Lane> order = new ArrayList<>();
        List<Lane> away = new ArrayList<>();
        for (Lane lane : current.lanes()) {
            (lane.away().isPresent() ? away : order).add(lane);
        }
        order.addAll(away);
        return order;
    }
}

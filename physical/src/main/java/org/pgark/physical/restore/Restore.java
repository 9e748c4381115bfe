package org.pgark.physical.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pgark.physical.BackupPin;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.systemcall.FileSystemSync;
import org.pgark.postgres.control.ControlFile;
import org.pgark.repository.Repository;
import org.pgark.repository.SessionKind;
import org.pgark.repository.SessionProcess;
import org.pgark.repository.care.Replay;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;

/**
 * Restores a cluster: first a plan, then its execution.
 *
 * <p>Whatever happens between the two ends of {@link #run}, a failure or the death of the process, the data directory has
 * no pg_control, so that no server starts in it, and carries a file that says so.
 */
public final class Restore {
    private final ProgressListener progress;
    private final List<FurtherSource> further;

    /** Tells {@code progress} how far it is. */
    public Restore(ProgressListener progress) {
        this(progress, List.of());
    }

    /** Likewise; what is damaged is taken from {@code further}, where that has the same backup, the nearest first. */
    public Restore(ProgressListener progress, List<FurtherSource> further) {
        this.progress = progress;
        this.further = List.copyOf(further);
    }

    /**
     * Finds out what will be done; writes nothing.
     *
     * @throws RefusedException if it would do harm or cannot be done
     */
    public static RestorePlan plan(Repository repository, RestoreRequest request) throws IOException, RefusedException {
        return new RestorePlanner(repository, request).plan();
    }

    /**
     * Carries out a plan.
     *
     * @throws RefusedException if the destination has changed since the plan so that it would do harm
     * @throws FailedException if it could not be done; the data directory cannot be started then
     */
    public RestoreOutcome run(RestorePlan plan) throws OperationException, InterruptedException {
        Path to = plan.destination().dataDirectory();
        try (BackupPin _ = BackupPin.of(plan.source(), SessionKind.RESTORE, plan.backup(), progress)) {
            DestinationCheck.dataDirectory(
                    to,
                    plan.backup().server().systemIdentifier(),
                    plan.request().existing());
            refuseExpiredWal(plan);
            RestoreOutcome outcome = write(plan);
            holdWal(plan);
            return outcome;
        } catch (UncheckedIOException e) {
            throw failed(plan, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failed(plan, e);
        }
    }

    /** From the pin on nothing expires that the plan needs; before that it may have. Nothing was touched yet. */
    private static void refuseExpiredWal(RestorePlan plan) throws IOException, RefusedException {
        int archived =
                new RepositoryWal(plan.source()).segmentsOf(plan.recovery()).size();
        if (archived < plan.archived()) {
            throw new RefusedException(
                    "wal_is_gone",
                    "the archive has lost WAL that this restore of backup \""
                            + plan.backup().id() + "\" needs, since it was planned",
                    "Run it again: it plans with what is there now.");
        }
    }

    /**
     * The server fetches WAL for its recovery when this process is long gone. Which clock is behind is not known: a time
     * before the end of the backup cannot be now.
     */
    private void holdWal(RestorePlan plan) {
        if (plan.request().walHold().isZero()) {
            return;
        }
        Instant clock = Instant.now();
        Instant end = plan.backup().stopTime();
        Instant until = (clock.isBefore(end) ? end : clock)
                .plus(plan.request().walHold())
                .truncatedTo(ChronoUnit.SECONDS);
        try {
            plan.source()
                    .replaying(
                            plan.backup().id(),
                            new Replay(
                                    until,
                                    "\"" + plan.destination().dataDirectory() + "\" on host "
                                            + SessionProcess.current().host()));
        } catch (IOException e) {
            progress.warning("cannot say in the repository that recovery from backup "
                    + plan.backup().id() + " still needs WAL (" + e.getMessage()
                    + "); it fails if \"pgark expire\" lets that go before it is done");
        }
    }

    private static FailedException failed(RestorePlan plan, IOException cause) {
        Path to = plan.destination().dataDirectory();
        if (BackupPin.wasDeleted(plan.source(), plan.backup(), cause)) {
            return new FailedException(
                    "backup_deleted",
                    "backup \"" + plan.backup().id() + "\" was deleted while it was restored to \"" + to + "\"",
                    RestoreMarker.isIn(to)
                            ? "No server will start in the directory, because it has no pg_control; restore another"
                                    + " backup with --delta or --force."
                            : "Restore another backup.",
                    cause);
        }
        return new FailedException(
                "restore_failed",
                "restore of backup \"" + plan.backup().id() + "\" to \"" + to + "\" failed: " + Failure.describe(cause),
                RestoreMarker.isIn(to)
                        ? "No server will start in the directory, because it has no pg_control; run the restore again"
                                + " with --delta or --force when the cause is gone."
                        : "",
                cause);
    }

    private RestoreOutcome write(RestorePlan plan) throws IOException, OperationException, InterruptedException {
        Destination destination = plan.destination();
        RestoreRequest request = plan.request();
        RestoreCounters counters = new RestoreCounters(progress);
        int rescued;
        try (FrameReader frames = plan.source().frameReader();
                Rescue rescue = new Rescue(plan.source(), plan.backup(), further, progress)) {
            ManifestReader manifest = new ManifestReader(frames, plan.backup().manifest());
            ControlFileCopy control = ControlFileCopy.read(manifest, frames);
            checkIdentity(plan, control.content());
            makeDirectories(destination);
            if (plan.savedWal().isPresent()) {
                progress.phase("saving WAL that was never archived");
                plan.savedWal().get().save(destination.dataDirectory());
            }
            try (Durability durability = new Durability(FileSystemSync.available(), request.jobs());
                    ControlFileGuard guard = ControlFileGuard.lock(
                            destination.dataDirectory(),
                            "A restore of backup " + plan.backup().id() + " of cluster " + request.cluster()
                                    + " has begun here and has not ended.\n");
                    WalCheck wal = WalCheck.begin(plan)) {
                durability.watch(roots(destination));
                fill(plan, manifest, control, guard, wal, durability, counters, rescue);
            }
            rescued = rescue.frames();
        }
        return new RestoreOutcome(
                plan.files(),
                plan.bytes(),
                counters.writtenBytes(),
                counters.keptBytes(),
                counters.removedFiles(),
                rescued);
    }

    private void fill(
            RestorePlan plan,
            ManifestReader manifest,
            ControlFileCopy control,
            ControlFileGuard guard,
            WalCheck wal,
            Durability durability,
            RestoreCounters counters,
            Rescue rescue)
            throws IOException, InterruptedException {
        Destination destination = plan.destination();
        RestoreRequest request = plan.request();
        boolean keep = request.existing() == ExistingFiles.DELTA;
        Ownership ownership =
                new Ownership(plan.backup().server(), request.owner(), Ownership.isRoot(), maskedBits(destination));
        clean(plan, manifest, counters);
        progress.phase("restoring files");
        progress.total(plan.files(), plan.bytes());
        try (DirectWrites direct = new DirectWrites(request.jobs());
                WriterPool pool = new WriterPool(
                        request.jobs(),
                        () -> new Writer(
                                plan.source().frameReader(), rescue, ownership, keep, durability, direct, counters))) {
            new TreeWriter(destination, manifest, ownership, keep, pool, direct).write();
        }
        progress.phase("checking WAL");
        wal.await();
        progress.phase("writing recovery settings");
        settle(plan, control.attributes(), ownership);
        progress.phase("making everything durable");
        durability.sync(roots(destination));
        guard.unlock(control.content(), control.attributes(), ownership);
    }

    private static void checkIdentity(RestorePlan plan, byte[] controlFile) throws IOException {
        ControlFile control = ControlFile.parse(controlFile);
        if (!control.systemIdentifier().equals(plan.backup().server().systemIdentifier())) {
            throw new IOException("pg_control in the backup has system identifier " + control.systemIdentifier()
                    + " instead of " + plan.backup().server().systemIdentifier());
        }
    }

    private static void makeDirectories(Destination destination) throws IOException {
        List<Path> directories = new ArrayList<>(destination.tablespaces().values());
        directories.add(destination.dataDirectory());
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory.getParent());
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(Ownership.permissions(0700)));
            }
        }
        for (Path place : destination.configuration().values()) {
            Files.createDirectories(place.getParent());
        }
    }

    /** Which permission bits new files do not get, found out by making one. */
    private static int maskedBits(Destination destination) throws IOException {
        Path probe = destination.dataDirectory().resolve(RestoreMarker.FILE_NAME + ".mode");
        Files.deleteIfExists(probe);
        Files.createFile(probe, PosixFilePermissions.asFileAttribute(Ownership.permissions(0777)));
        try {
            return 0777 & ~Ownership.mode(Files.getPosixFilePermissions(probe, LinkOption.NOFOLLOW_LINKS));
        } finally {
            Files.delete(probe);
        }
    }

    private void clean(RestorePlan plan, ManifestReader manifest, RestoreCounters counters) throws IOException {
        Leftovers leftovers = new Leftovers(plan.destination(), counters);
        switch (plan.request().existing()) {
            case REFUSE -> {}
            case REPLACE -> {
                progress.phase("removing what is there");
                leftovers.removeAll();
                for (Path place : plan.destination().configuration().values()) {
                    FileRemoval.remove(place);
                }
            }
            case DELTA -> {
                progress.phase("removing what does not belong");
                leftovers.removeAllBut(Survey.of(manifest).paths());
            }
        }
    }

    private static void settle(RestorePlan plan, FileAttributes likeControlFile, Ownership ownership)
            throws IOException {
        Destination destination = plan.destination();
        FileAttributes directory = WalDirectory.attributes(likeControlFile);
        ownership.settle(destination.dataDirectory(), directory);
        for (Path tablespace : destination.tablespaces().values()) {
            ownership.giveAway(tablespace, directory);
        }
        WalDirectory.settle(
                destination.dataDirectory(), directory, plan.backup().server().major(), ownership);
        if (plan.request().withWal()) {
            new BroughtWal(plan, likeControlFile, ownership).write();
        }
        TablespaceLinks.settle(destination);
        ExternalConfiguration.adjust(destination);
        new RecoveryFiles(destination.dataDirectory(), likeControlFile, ownership).write(plan);
    }

    private static List<Path> roots(Destination destination) throws IOException {
        List<Path> roots = new ArrayList<>();
        roots.add(destination.dataDirectory());
        Path wal = destination.dataDirectory().resolve("pg_wal");
        if (Files.isDirectory(wal)) {
            roots.add(wal.toRealPath());
        }
        roots.addAll(destination.tablespaces().values());
        for (Path place : destination.configuration().values()) {
            Optional.ofNullable(place.getParent()).ifPresent(roots::add);
        }
        return roots;
    }
}

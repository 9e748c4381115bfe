package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RecoveryPlan;
import org.pgark.physical.recovery.RecoveryPlanner;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.storage.NoSuchObjectException;

/** Finds out what a restore would do, and refuses what it must not do. Writes nothing. */
final class RestorePlanner {
    /** Files take less room here than they are long, so that too little free room says nothing. */
    private static final Set<String> COMPRESSING = Set.of("zfs", "btrfs");

    private final Repository repository;
    private final RestoreRequest request;

    RestorePlanner(Repository repository, RestoreRequest request) {
        this.repository = repository;
        this.request = request;
    }

    RestorePlan plan() throws IOException, RefusedException {
        notInsideRepository();
        DestinationCheck.notRunning(request.to());
        BackupChoice choice = BackupChoice.of(repository, request.cluster(), request.backup());
        notOverWithDamage(choice);
        RepositoryWal wal = new RepositoryWal(choice.source());
        RecoveryPlan recovery = recovery(choice, wal);
        BackupRecord backup = choice.backups().stream()
                .filter(record ->
                        record.id().toString().equals(recovery.backup().id()))
                .findFirst()
                .orElseThrow();
        Survey survey = survey(choice.source(), backup);
        Destination destination = destination(backup, survey);
        DestinationCheck.dataDirectory(request.to(), backup.server().systemIdentifier(), request.existing());
        DestinationCheck.tablespaces(destination, backup.server().systemIdentifier(), request.existing());
        DestinationCheck.configuration(destination, request.existing());
        PackProbe.probe(choice.source(), backup);
        List<String> unarchived = UnarchivedWal.of(request.to(), choice.source());
        Optional<SavedWal> savedWal = savedWal(unarchived);
        RestorePlan plan = new RestorePlan(
                request,
                choice.source(),
                backup,
                recovery,
                wal.segmentsOf(recovery).size(),
                destination,
                survey.files(),
                survey.bytes(),
                space(destination, survey, savedWal),
                savedWal,
                overwritten(destination),
                neutralised(backup),
                warnings(choice, backup, survey, savedWal.isPresent() ? List.of() : unarchived));
        enoughSpace(plan);
        return plan;
    }

    private void notInsideRepository() throws RefusedException {
        Optional<Path> place = repository.directory();
        if (place.isPresent()) {
            Path root = Archiving.real(place.get());
            Path to = Archiving.real(request.to());
            if (root.startsWith(to) || to.startsWith(root)) {
                throw new RefusedException(
                        "repository_inside",
                        "directory \"" + request.to() + "\" and repository " + repository.description()
                                + " lie one in the other",
                        "");
            }
        }
    }

    /** What is there may be better than what the backup still has. */
    private void notOverWithDamage(BackupChoice choice) throws IOException, RefusedException {
        if (choice.damage().isPresent()
                && request.existing() != ExistingFiles.REFUSE
                && !request.evenDamaged()
                && !DestinationCheck.isEmpty(request.to())) {
            throw new RefusedException(
                    "damaged_backup",
                    "damage was found in backup \""
                            + choice.named().orElseThrow().id() + "\", and directory \"" + request.to()
                            + "\" is not empty: " + choice.damage().get(),
                    "Leave out --backup for a sound one, restore to an empty directory, or add --even-damaged.");
        }
    }

    private RecoveryPlan recovery(BackupChoice choice, RepositoryWal wal) throws IOException, RefusedException {
        RecoveryPlanner planner = new RecoveryPlanner(
                request.cluster(),
                choice.backups().stream().map(BackupPoint::of).toList(),
                wal,
                request.zone());
        return choice.named().isPresent()
                ? planner.plan(
                        request.target(),
                        request.timeline(),
                        BackupPoint.of(choice.named().get()))
                : planner.plan(request.target(), request.timeline());
    }

    private static Survey survey(ClusterRepository source, BackupRecord backup) throws IOException, RefusedException {
        try (FrameReader frames = source.frameReader()) {
            return Survey.of(new ManifestReader(frames, backup.manifest()));
        } catch (NoSuchObjectException e) {
            throw PackProbe.missing(backup, e);
        }
    }

    private Destination destination(BackupRecord backup, Survey survey) throws RefusedException {
        Map<Path, Path> wanted = new TreeMap<>(request.tablespaces());
        Map<Long, Path> tablespaces = new TreeMap<>();
        for (BackupRecord.Tablespace tablespace : backup.server().tablespaces()) {
            Path old = Path.of(tablespace.path());
            Path place = wanted.remove(old);
            tablespaces.put(tablespace.oid(), place == null ? old : place);
        }
        if (!wanted.isEmpty()) {
            throw new RefusedException(
                    "unknown_tablespace",
                    "backup \"" + backup.id() + "\" has no tablespace at \""
                            + wanted.keySet().iterator().next() + "\"",
                    backup.server().tablespaces().isEmpty()
                            ? "It has no tablespace outside the data directory."
                            : backup.server().tablespaces().stream()
                                    .map(BackupRecord.Tablespace::path)
                                    .collect(Collectors.joining(", ", "Its tablespaces are at: ", ".")));
        }
        for (long oid : survey.linkedTablespaces()) {
            if (!tablespaces.containsKey(oid)) {
                throw new RefusedException(
                        "unknown_tablespace",
                        "backup \"" + backup.id() + "\" has files of tablespace " + oid
                                + ", but does not say where that was",
                        "It was made while the backup ran. Restore another backup.");
            }
        }
        return new Destination(
                request.to(),
                tablespaces,
                backup.server().major().tablespaceVersionDirectory(),
                request.configTo()
                        .map(root -> ExternalConfiguration.places(survey.externalFiles(), root))
                        .orElse(Map.of()));
    }

    /** Only in the configured place, since a copy elsewhere is made anew often and has WAL that nobody misses. */
    private Optional<SavedWal> savedWal(List<String> unarchived) throws IOException, RefusedException {
        if (unarchived.isEmpty() || Archiving.isElsewhere(request)) {
            return Optional.empty();
        }
        SavedWal saved = SavedWal.beside(request.to(), unarchived, Instant.now());
        Path folder = Objects.requireNonNull(saved.place().getParent());
        if (!Files.isWritable(folder)) {
            throw new RefusedException(
                    "wal_not_archived",
                    request.to() + " has WAL that was never archived, " + SavedWal.named(unarchived)
                            + ", and it cannot be saved beside it, because this user cannot write in \"" + folder
                            + "\"",
                    "Archive it with \"pgark wal push\", or move these files out of pg_wal.");
        }
        return Optional.of(saved);
    }

    private List<RestorePlan.Space> space(Destination destination, Survey survey, Optional<SavedWal> savedWal)
            throws IOException {
        Map<FileStore, RestorePlan.Space> byStore = new LinkedHashMap<>();
        add(byStore, destination.dataDirectory(), destination.dataDirectory(), survey.dataDirectoryBytes());
        for (Map.Entry<Long, Path> tablespace : destination.tablespaces().entrySet()) {
            add(
                    byStore,
                    tablespace.getValue(),
                    tablespace.getValue().resolve(destination.versionDirectory()),
                    survey.tablespaceBytes().getOrDefault(tablespace.getKey(), 0L));
        }
        if (savedWal.isPresent()) {
            add(
                    byStore,
                    savedWal.get().place(),
                    savedWal.get().place(),
                    savedWal.get().bytes());
        }
        return List.copyOf(byStore.values());
    }

    private static void add(Map<FileStore, RestorePlan.Space> byStore, Path place, Path overwritten, long needed)
            throws IOException {
        FileStore store = Files.getFileStore(nearestExisting(place));
        long reclaimed = OverwrittenCluster.size(overwritten);
        byStore.merge(
                store,
                new RestorePlan.Space(place, needed, store.getUsableSpace(), reclaimed),
                (one, other) -> new RestorePlan.Space(
                        one.place(), one.needed() + other.needed(), one.free(), one.reclaimed() + other.reclaimed()));
    }

    private static Path nearestExisting(Path place) {
        Path existing = place;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private void enoughSpace(RestorePlan plan) throws IOException, RefusedException {
        for (RestorePlan.Space space : plan.space()) {
            String type = Files.getFileStore(nearestExisting(space.place())).type();
            if (!space.suffices() && !COMPRESSING.contains(type)) {
                throw new RefusedException(
                        "no_space",
                        "the backup needs " + PlanText.size(space.needed()) + " at \"" + space.place() + "\", but only "
                                + PlanText.size(space.free() + space.reclaimed()) + " can be had there",
                        plan.savedWal()
                                .map(saved -> "Part of it may be the " + PlanText.size(saved.bytes())
                                        + " of WAL that was never archived and is saved first; \"pgark wal push\""
                                        + " archives it.")
                                .orElse(""));
            }
        }
    }

    private List<String> overwritten(Destination destination) throws IOException {
        List<String> lines = new ArrayList<>();
        String fate = request.existing() == ExistingFiles.DELTA ? "what differs in " : "everything in ";
        if (!DestinationCheck.isEmpty(destination.dataDirectory())) {
            lines.add(fate + destination.dataDirectory());
        }
        for (Path tablespace : destination.tablespaces().values()) {
            Path own = tablespace.resolve(destination.versionDirectory());
            if (!DestinationCheck.isEmpty(own)) {
                lines.add(fate + own);
            }
        }
        destination.configuration().values().stream()
                .filter(Files::exists)
                .forEach(place -> lines.add(place.toString()));
        return lines;
    }

    private List<String> neutralised(BackupRecord backup) {
        List<String> lines = new ArrayList<>();
        Neutralised.of(request, backup.server()).forEach(setting -> lines.add(setting.toString()));
        boolean linkStays = Files.isSymbolicLink(request.to().resolve(UnarchivedWal.FOLDER));
        if (!linkStays) {
            backup.server()
                    .walDirectory()
                    .ifPresent(place -> lines.add("pg_wal is a plain directory in " + request.to()
                            + ", not a link as in the original, where it led to " + place));
        }
        return lines;
    }

    private List<String> warnings(BackupChoice choice, BackupRecord backup, Survey survey, List<String> unarchived) {
        List<String> warnings = new ArrayList<>();
        choice.damage()
                .ifPresent(found ->
                        warnings.add("damage was found in the backup, the restore may fail half-way: " + found));
        if (backup.size().damagedPages() > 0) {
            warnings.add("the backup has " + backup.size().damagedPages()
                    + " damaged pages, which were damaged in the original already");
        }
        if (!survey.externalFiles().isEmpty() && request.configTo().isEmpty()) {
            warnings.add("configuration files that were outside the data directory are left out (--config-to DIR puts"
                    + " them back): " + String.join(", ", survey.externalFiles()));
        }
        if (!unarchived.isEmpty()) {
            warnings.add(request.to() + " has WAL that was never archived: " + SavedWal.named(unarchived)
                    + "; it is removed, and the transactions that are in it alone, up to the newest of this cluster,"
                    + " are lost (\"pgark wal push\" saves it, or a copy of pg_wal)");
        }
        return warnings;
    }
}

package org.pgark.physical.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterCatalog;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.care.Care;

/**
 * From which incarnation of a cluster, and from which backup if the user named one, a restore is made.
 *
 * @param source the incarnation
 * @param backups its backups in the order of the log, without those in which damage was found, but for a named one
 * @param named the backup that the user named
 * @param damage what was found in the named backup; empty if nothing was
 */
record BackupChoice(
        ClusterRepository source, List<BackupRecord> backups, Optional<BackupRecord> named, Optional<String> damage) {
    private static final String LATEST = "latest";

    /**
     * Chooses.
     *
     * @param wanted an id, the beginning of one, or {@code latest}; empty for the newest incarnation and any backup
     */
    static BackupChoice of(Repository repository, String cluster, Optional<String> wanted)
            throws IOException, RefusedException {
        ClusterCatalog catalog = repository.cluster(cluster);
        if (catalog.incarnations().isEmpty()) {
            throw new RefusedException(
                    "unknown_cluster",
                    "cluster \"" + cluster + "\" is not in repository " + repository.description(),
                    repository.clusters().isEmpty()
                            ? "The repository has no cluster yet."
                            : repository.clusters().stream()
                                    .map(ClusterCatalog::name)
                                    .collect(Collectors.joining(", ", "It has: ", ".")));
        }
        if (wanted.isPresent() && !wanted.get().equals(LATEST)) {
            return named(repository, catalog, wanted.get());
        }
        ClusterRepository newest = repository.open(catalog.incarnations().getLast());
        List<BackupRecord> backups = newest.backups();
        if (backups.isEmpty()) {
            throw withoutBackup(repository, catalog);
        }
        Care care = newest.care();
        List<BackupRecord> sound = backups.stream()
                .filter(backup -> backup.damageIn(care).isEmpty())
                .toList();
        if (sound.isEmpty()) {
            throw new RefusedException(
                    "no_sound_backup",
                    "damage was found in every backup of cluster \"" + catalog.name() + "\"",
                    "\"pgark verify\" tells which; --backup restores a damaged one as far as it goes.");
        }
        return new BackupChoice(
                newest, sound, wanted.isPresent() ? Optional.of(sound.getLast()) : Optional.empty(), Optional.empty());
    }

    private static BackupChoice named(Repository repository, ClusterCatalog catalog, String prefix)
            throws IOException, RefusedException {
        List<BackupChoice> found = new ArrayList<>();
        for (Incarnation incarnation : catalog.incarnations()) {
            ClusterRepository source = repository.open(incarnation);
            Care care = source.care();
            for (BackupRecord backup : source.find(prefix)) {
                List<BackupRecord> backups = source.backups().stream()
                        .filter(one -> one.id().equals(backup.id())
                                || one.damageIn(care).isEmpty())
                        .toList();
                found.add(new BackupChoice(source, backups, Optional.of(backup), backup.damageIn(care)));
            }
        }
        if (found.isEmpty()) {
            throw new RefusedException(
                    "unknown_backup",
                    "cluster \"" + catalog.name() + "\" has no backup \"" + prefix + "\"",
                    "See \"pgark list\" for its backups.");
        }
        if (found.size() > 1) {
            throw new RefusedException(
                    "ambiguous_backup",
                    "\"" + prefix + "\" is the beginning of " + found.size() + " backups",
                    found.stream()
                            .map(choice -> choice.named().orElseThrow().id().toString())
                            .collect(Collectors.joining(", ", "They are: ", ".")));
        }
        return found.getFirst();
    }

    private static RefusedException withoutBackup(Repository repository, ClusterCatalog catalog) throws IOException {
        List<String> older = new ArrayList<>();
        for (Incarnation incarnation : catalog.incarnations()) {
            repository
                    .open(incarnation)
                    .backups()
                    .forEach(backup -> older.add(backup.id().toString()));
        }
        return new RefusedException(
                "no_backup",
                "cluster \"" + catalog.name() + "\" has no backup",
                older.isEmpty()
                        ? "Make one with \"pgark backup\"."
                        : "There are backups of a cluster that had this name before: " + String.join(", ", older)
                                + ". Name one with --backup to restore it.");
    }
}

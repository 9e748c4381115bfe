package org.pgark.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RecoveryPlanner;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.recovery.WalGap;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.DamagedWal;

/** The configured clusters with what their repositories keep of them. */
final class Clusters implements AutoCloseable {
    private final Configuration configuration;
    private final Optional<String> only;
    private final Map<String, Repository> repositories = new LinkedHashMap<>();
    private final Map<String, IOException> unreachable = new LinkedHashMap<>();

    private Clusters(Configuration configuration, Optional<String> only) {
        this.configuration = configuration;
        this.only = only;
    }

    /** In all of their repositories, or in the one that was asked for. */
    static Clusters of(Configuration configuration, RepoOption only) {
        return new Clusters(configuration, only.name());
    }

    /**
     * A repository that is open.
     *
     * @param name as it is configured
     * @param repository itself
     */
    record Opened(String name, Repository repository) {}

    /**
     * What is kept of one incarnation.
     *
     * @param place the name of the repository
     * @param incarnation the incarnation
     * @param repository where it is kept
     * @param backups in the order in which they were committed
     * @param windows by timeline
     * @param gaps holes in the WAL that is kept
     * @param damagedWal of the WAL that is kept, what was found damaged
     * @param care what is known of the backups beyond that they exist
     * @param sampled which share of all objects samples have read since each backup existed
     */
    record Content(
            String place,
            Incarnation incarnation,
            ClusterRepository repository,
            List<BackupRecord> backups,
            List<RecoveryWindow> windows,
            List<WalGap> gaps,
            DamagedWal damagedWal,
            Care care,
            Map<String, Double> sampled) {
        /** What is known of one of the backups. */
        BackupState state(BackupRecord backup) {
            return new BackupState(
                    backup, care, sampled.getOrDefault(backup.id().value(), 0.0));
        }
    }

    /**
     * A backup that was asked for.
     *
     * @param cluster the cluster's name
     * @param place the name of the repository
     * @param repository where it is kept
     * @param backup what the log says about it
     */
    record Found(String cluster, String place, ClusterRepository repository, BackupRecord backup) {}

    /** The one that was asked for, or all. */
    List<String> names(Optional<String> wanted) throws ConfigurationException {
        if (wanted.isPresent()) {
            return List.of(configuration.cluster(wanted).name());
        }
        return configuration.clusters().stream().map(ClusterConfiguration::name).toList();
    }

    /** Whether what is told of a cluster has to say in which repository. */
    boolean isInSeveral(String cluster) throws ConfigurationException {
        return settings(cluster).hasSeveralRepositories();
    }

    private ClusterConfiguration settings(String cluster) throws ConfigurationException {
        return configuration.cluster(Optional.of(cluster)).in(only);
    }

    /**
     * The repositories of a cluster, the nearest first. Of several, those that cannot be opened are left out, which {@link
     * #tellUnreachable} tells; that of a single one is the fault of the command.
     */
    List<Opened> repositories(String cluster) throws IOException, ConfigurationException {
        ClusterConfiguration settings = settings(cluster);
        List<Opened> opened = new ArrayList<>();
        for (RepositoryConfiguration repository : settings.repositories()) {
            try {
                opened.add(new Opened(repository.name(), open(repository)));
            } catch (IOException e) {
                if (!settings.hasSeveralRepositories()) {
                    throw e;
                }
                unreachable.put(repository.name(), e);
            }
        }
        if (opened.isEmpty()) {
            throw unreachable.values().iterator().next();
        }
        return opened;
    }

    private Repository open(RepositoryConfiguration repository) throws IOException {
        IOException before = unreachable.get(repository.name());
        if (before != null) {
            throw before;
        }
        Repository open = repositories.get(repository.name());
        if (open == null) {
            open = Repositories.open(repository);
            repositories.put(repository.name(), open);
        }
        return open;
    }

    /** A repository that could be opened, but failed later. */
    void noteUnreachable(String repository, IOException fault) {
        unreachable.putIfAbsent(repository, fault);
    }

    /** Those that could not be asked until now. */
    List<String> unreachable() {
        return List.copyOf(unreachable.keySet());
    }

    /** Warns of a copy that is behind what was seen of the cluster in another place. */
    void tellBehind(String cluster, List<Content> contents, Output output) throws IOException, ConfigurationException {
        for (RepositoryConfiguration place : settings(cluster).repositories()) {
            Repository repository = repositories.get(place.name());
            for (Content content : contents) {
                if (repository != null && content.place().equals(place.name())) {
                    CopyBehind.warning(place, repository.id(), content.repository())
                            .ifPresent(output::warning);
                }
            }
        }
    }

    /** Warns of repositories that could not be asked; returns whether there are none. */
    boolean tellUnreachable(Output output) {
        unreachable.forEach(
                (name, fault) -> output.warning("repository \"" + name + "\" was left out: " + fault.getMessage()));
        return unreachable.isEmpty();
    }

    List<Content> contents(String cluster) throws IOException, OperationException, ConfigurationException {
        List<Content> contents = new ArrayList<>();
        for (Opened place : repositories(cluster)) {
            for (Incarnation incarnation : place.repository().cluster(cluster).incarnations()) {
                ClusterRepository opened = place.repository().open(incarnation);
                List<BackupRecord> backups = opened.backups();
                contents.add(new Content(
                        place.name(),
                        incarnation,
                        opened,
                        backups,
                        windows(cluster, opened, backups),
                        new RepositoryWal(opened).gaps(),
                        damagedWal(opened),
                        opened.care(),
                        opened.sampledShares()));
            }
        }
        return contents;
    }

    /** Of the WAL that is kept, what was found damaged. */
    static DamagedWal damagedWal(ClusterRepository opened) throws IOException {
        return opened.care()
                .damagedWal()
                .without(opened.care().expired(), opened.incarnation().segmentSize());
    }

    /** To which instants the cluster can be restored from those of the backups in which no damage is known. */
    static List<RecoveryWindow> windows(String cluster, ClusterRepository repository, List<BackupRecord> backups)
            throws IOException {
        Care care = repository.care();
        return new RecoveryPlanner(
                        cluster,
                        backups.stream()
                                .filter(backup -> backup.damageIn(care).isEmpty())
                                .map(BackupPoint::of)
                                .toList(),
                        new RepositoryWal(repository),
                        ZoneId.systemDefault())
                .windows();
    }

    /** All backups of the cluster, or of all clusters, repository by repository, oldest first in each. */
    List<Found> findAll(Optional<String> wanted) throws IOException, OperationException, ConfigurationException {
        List<Found> found = new ArrayList<>();
        for (String cluster : names(wanted)) {
            for (Opened place : repositories(cluster)) {
                for (Incarnation incarnation :
                        place.repository().cluster(cluster).incarnations()) {
                    ClusterRepository opened = place.repository().open(incarnation);
                    for (BackupRecord backup : opened.backups()) {
                        found.add(new Found(cluster, place.name(), opened, backup));
                    }
                }
            }
        }
        return found;
    }

    /** One backup, from the nearest repository that has it; see {@link #findEverywhere}. */
    Found find(Optional<String> wanted, String id) throws IOException, OperationException, ConfigurationException {
        return findEverywhere(wanted, id).getFirst();
    }

    /**
     * One backup in each repository that has it, the nearest first.
     *
     * @param id its id, an unambiguous beginning of it, or {@code latest}
     */
    List<Found> findEverywhere(Optional<String> wanted, String id)
            throws IOException, OperationException, ConfigurationException {
        List<Found> all = findAll(wanted);
        if (id.equals("latest")) {
            if (all.isEmpty()) {
                throw new FailedException("no_backup", "there is no backup", "\"pgark backup\" takes one.");
            }
            if (all.stream().map(Found::cluster).distinct().count() > 1) {
                throw new RefusedException(
                        "ambiguous_cluster", "several clusters have backups", "Name one with --cluster.");
            }
            return same(all, newest(all));
        }
        List<Found> matching = all.stream()
                .filter(found -> found.backup().id().toString().startsWith(id))
                .toList();
        if (matching.isEmpty()) {
            throw new FailedException(
                    "no_such_backup",
                    "there is no backup \"" + id + "\"",
                    "\"pgark list\" shows those that there are.");
        }
        long different =
                matching.stream().map(found -> found.backup().id()).distinct().count();
        if (different > 1) {
            throw new FailedException(
                    "ambiguous_backup",
                    "\"" + id + "\" is the beginning of " + different + " backups' ids",
                    "Type more of it; \"pgark list\" shows them.");
        }
        return same(all, matching.getFirst());
    }

    /** Of one repository what its log has last; of several, whose logs may have the same in another order, by time. */
    private static Found newest(List<Found> all) {
        return all.stream().map(Found::place).distinct().count() == 1
                ? all.getLast()
                : all.stream()
                        .max(Comparator.comparing(found -> found.backup().stopTime()))
                        .orElseThrow();
    }

    private static List<Found> same(List<Found> all, Found one) {
        return all.stream()
                .filter(found -> found.backup().id().equals(one.backup().id())
                        && found.cluster().equals(one.cluster()))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (Repository repository : repositories.values()) {
            repository.close();
        }
    }
}

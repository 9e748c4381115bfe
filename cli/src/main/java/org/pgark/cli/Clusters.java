package org.pgark.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
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
    private final Map<String, Repository> repositories = new LinkedHashMap<>();

    private Clusters(Configuration configuration) {
        this.configuration = configuration;
    }

    static Clusters of(Configuration configuration) {
        return new Clusters(configuration);
    }

    /**
     * What is kept of one incarnation.
     *
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
     * @param repository where it is kept
     * @param backup what the log says about it
     */
    record Found(String cluster, ClusterRepository repository, BackupRecord backup) {}

    /** The one that was asked for, or all. */
    List<String> names(Optional<String> wanted) throws ConfigurationException {
        if (wanted.isPresent()) {
            return List.of(configuration.cluster(wanted).name());
        }
        return configuration.clusters().stream().map(ClusterConfiguration::name).toList();
    }

    Repository repository(String cluster) throws IOException, OperationException, ConfigurationException {
        ClusterConfiguration settings = configuration.cluster(Optional.of(cluster));
        Repository open = repositories.get(settings.repository().name());
        if (open == null) {
            open = Repositories.open(settings.repository());
            repositories.put(settings.repository().name(), open);
        }
        return open;
    }

    List<Content> contents(String cluster) throws IOException, OperationException, ConfigurationException {
        List<Content> contents = new ArrayList<>();
        Repository repository = repository(cluster);
        for (Incarnation incarnation : repository.cluster(cluster).incarnations()) {
            ClusterRepository opened = repository.open(incarnation);
            List<BackupRecord> backups = opened.backups();
            contents.add(new Content(
                    incarnation,
                    opened,
                    backups,
                    windows(cluster, opened, backups),
                    new RepositoryWal(opened).gaps(),
                    damagedWal(opened),
                    opened.care(),
                    opened.sampledShares()));
        }
        return contents;
    }

    private static DamagedWal damagedWal(ClusterRepository opened) throws IOException {
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

    /** All backups of the cluster, or of all clusters, oldest first. */
    List<Found> findAll(Optional<String> wanted) throws IOException, OperationException, ConfigurationException {
        List<Found> found = new ArrayList<>();
        for (String cluster : names(wanted)) {
            Repository repository = repository(cluster);
            for (Incarnation incarnation : repository.cluster(cluster).incarnations()) {
                ClusterRepository opened = repository.open(incarnation);
                for (BackupRecord backup : opened.backups()) {
                    found.add(new Found(cluster, opened, backup));
                }
            }
        }
        return found;
    }

    /**
     * One backup.
     *
     * @param id its id, an unambiguous beginning of it, or {@code latest}
     */
    Found find(Optional<String> wanted, String id) throws IOException, OperationException, ConfigurationException {
        List<Found> all = findAll(wanted);
        if (id.equals("latest")) {
            if (all.isEmpty()) {
                throw new FailedException("no_backup", "there is no backup", "\"pgark backup\" takes one.");
            }
            if (all.stream().map(Found::cluster).distinct().count() > 1) {
                throw new RefusedException(
                        "ambiguous_cluster", "several clusters have backups", "Name one with --cluster.");
            }
            return all.getLast();
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
        if (matching.size() > 1) {
            throw new FailedException(
                    "ambiguous_backup",
                    "\"" + id + "\" is the beginning of " + matching.size() + " backups' ids",
                    "Type more of it; \"pgark list\" shows them.");
        }
        return matching.getFirst();
    }

    @Override
    public void close() throws IOException {
        for (Repository repository : repositories.values()) {
            repository.close();
        }
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.configuration.EncryptionConfiguration;
import org.pgark.cli.configuration.Problem;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Words;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.cli.replication.RepositoryTarget;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.physical.backup.BackupOutcome;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.backup.CheckpointSpeed;
import org.pgark.physical.backup.CombinedBackup;
import org.pgark.physical.backup.StreamedBackup;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.storedbackup.CombinedFiles;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.BackupLock;
import org.pgark.repository.ClusterCatalog;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.key.KeyException;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreSettings;

/** Repositories as targets of pg_basebackup: those that are configured, and others that need nothing but their URL. */
final class BaseBackupRepositories implements RepositoryTarget {
    @Override
    public Found find(ProgramRun run, String target) throws ProgramException {
        try {
            Configuration configuration = Configuration.read(new ConfigurationSources(
                    Optional.empty(),
                    run.environment(),
                    Path.of(run.environment().getOrDefault("HOME", System.getProperty("user.home"))),
                    ConfigurationSources.SYSTEM_FILE));
            return new Place(configuration, place(configuration, target));
        } catch (ConfigurationException e) {
            throw of(e);
        } catch (IllegalArgumentException e) {
            throw new ProgramException("invalid backup target \"" + target + "\": " + e.getMessage());
        }
    }

    private static RepositoryConfiguration place(Configuration configuration, String target)
            throws ConfigurationException {
        if (target.equals("repository")) {
            return configuration.repository(Optional.empty());
        }
        if (target.startsWith("repository:")) {
            return configuration.repository(target.substring("repository:".length()));
        }
        RepositoryUrl url = target.startsWith("/") ? RepositoryUrl.of(Path.of(target)) : RepositoryUrl.parse(target);
        return configuration.repositories().stream()
                .filter(one -> one.url().equals(url))
                .findFirst()
                .orElseGet(() -> new RepositoryConfiguration(
                        "target", url, StoreSettings.NONE, Optional.empty(), EncryptionConfiguration.NONE));
    }

    private static ProgramException of(ConfigurationException failure) {
        Problem problem = failure.problems().getFirst();
        ProgramException program = new ProgramException(problem.toString());
        return problem.hint().isEmpty() ? program : program.withHint(problem.hint());
    }

    /** One of them. */
    private record Place(Configuration configuration, RepositoryConfiguration settings) implements Found {
        @Override
        public void becomeOwner(List<String> words) throws IOException {
            Optional<Path> folder = settings.url().localDirectory().filter(Files::isDirectory);
            if (folder.isPresent()) {
                OwnerSwitch.become(Owner.of(folder.get()), words);
            }
        }

        /** What is done in the repository. */
        @FunctionalInterface
        private interface Work {
            int done(Repository repository) throws Exception;
        }

        @Override
        public int take(ProgramRun run, Wanted wanted, Server server) throws Exception {
            try (BaseBackupLines lines = new BaseBackupLines(run.log(), wanted.showsProgress(), wanted.verbose())) {
                return inRepository(run.log(), repository -> {
                    ClusterCatalog cluster = cluster(
                            repository,
                            server.systemIdentifier(),
                            "server's",
                            "\"pgark backup --cluster NAME --source replication\" says which is meant.");
                    ClusterRepository kept = repository.open(cluster.newest().orElseThrow());
                    return told(
                            run,
                            kept,
                            new StreamedBackup(
                                            request(cluster.name(), wanted),
                                            kept,
                                            server.settings(),
                                            lines,
                                            new SecureRandom())
                                    .run());
                });
            }
        }

        @Override
        public int combine(ProgramRun run, Combination combination) throws Exception {
            CombinedFiles files = CombinedFiles.open(
                    combination.backups(),
                    combination.tablespaces(),
                    combination.keepsVisibilityMaps(),
                    combination.listener());
            return inRepository(run.log(), repository -> {
                ClusterCatalog cluster = cluster(
                        repository,
                        files.control().systemIdentifier(),
                        "backups'",
                        "Name a repository in which only one has it.");
                ClusterRepository kept = repository.open(cluster.newest().orElseThrow());
                try (BaseBackupLines lines = new BaseBackupLines(run.log(), false, false)) {
                    CombinedBackup backup = new CombinedBackup(
                            BackupRequest.of(Path.of("/"), Version.text())
                                    .withJobs(configuration.backup().jobs())
                                    .withCompression(Compression.parse(
                                            configuration.backup().compression())),
                            kept,
                            files,
                            lines,
                            new SecureRandom());
                    backup.check();
                    if (combination.dryRun()) {
                        run.log()
                                .info("would store a backup of cluster " + cluster.name() + " in repository "
                                        + settings.url());
                        return 0;
                    }
                    files.verify(combination.findings());
                    return told(run, kept, backup.run());
                }
            });
        }

        private int inRepository(ProgramLog log, Work work) throws Exception {
            try (Repository repository = Repositories.open(settings)) {
                Leftovers.remove(repository::removeLeftovers, log::warning);
                return work.done(repository);
            } catch (OperationException e) {
                ProgramException failure = new ProgramException(String.valueOf(e.getMessage()));
                throw e.hint().isPresent() && !e.hint().get().isEmpty()
                        ? failure.withHint(e.hint().get())
                        : failure;
            } catch (KeyException e) {
                throw new ProgramException(String.valueOf(e.getMessage())).withHint(e.hint());
            }
        }

        private int told(ProgramRun run, ClusterRepository kept, BackupOutcome outcome) throws IOException {
            Optional<BackupLock> lock = kept.backupLock();
            if (lock.isPresent()) {
                lock.get().renew(outcome.record(), List.of(), List.of());
            }
            run.log()
                    .info("backup " + outcome.record().id() + " of cluster "
                            + kept.incarnation().name() + " is in repository " + settings.url() + ": "
                            + Words.size(outcome.record().size().rawBytes()) + ", stored "
                            + Words.size(outcome.record().size().storedBytes()));
            outcome.damagedPages().forEach(page -> run.log().error("page with a wrong checksum: " + page));
            boolean sound = outcome.damagedPages().isEmpty() && !outcome.damageOnlyAtServer();
            if (!sound) {
                run.log().error("checksum error occurred; the backup is kept and marked");
            }
            return sound && outcome.statistics().unexplainedPages() == 0 ? 0 : 1;
        }

        private ClusterCatalog cluster(Repository repository, SystemIdentifier system, String whose, String otherwise)
                throws IOException, ProgramException {
            List<ClusterCatalog> found = repository.clusters().stream()
                    .filter(one -> one.newest()
                            .filter(newest -> newest.systemIdentifier().equals(system))
                            .isPresent())
                    .toList();
            if (found.isEmpty()) {
                throw new ProgramException("no cluster in repository " + settings.url() + " has the " + whose
                                + " system identifier " + system)
                        .withHint("\"pgark init --cluster NAME\" registers it.");
            }
            if (found.size() > 1) {
                throw new ProgramException("several clusters in repository " + settings.url() + " have the " + whose
                                + " system identifier " + system)
                        .withHint(otherwise);
            }
            return found.getFirst();
        }

        private BackupRequest request(String cluster, Wanted wanted) {
            boolean received = configuration.clusters().stream()
                    .filter(one -> one.name().equals(cluster))
                    .anyMatch(one -> one.receive().slot().isPresent()
                            || one.receive().directory().isPresent());
            BackupRequest request = BackupRequest.of(Path.of("/"), Version.text())
                    .withReceivedWal(received)
                    .withJobs(configuration.backup().jobs())
                    .withCheckpoint(wanted.fastCheckpoint() ? CheckpointSpeed.FAST : CheckpointSpeed.SPREAD)
                    .withCompression(wanted.compression()
                            .orElseGet(() ->
                                    Compression.parse(configuration.backup().compression())))
                    .withRate(1024L * wanted.kilobytesPerSecond());
            return wanted.label().map(request::withNote).orElse(request);
        }
    }
}

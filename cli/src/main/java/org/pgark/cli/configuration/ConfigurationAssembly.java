package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.several.Requirement;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.repository.retention.RetentionPolicy;
import org.pgark.storage.StoreOption;

/** Reads all sources, checks what keys must be to each other, and makes one configuration of them. */
final class ConfigurationAssembly {
    private static final int MOST_PROCESSORS = 4;
    private static final String DEFAULT_REPOSITORY = "main";
    private static final Set<PosixFilePermission> CLOSED_ENOUGH = EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ);

    private final ConfigurationValues values = new ConfigurationValues();
    private final List<Problem> problems = new ArrayList<>();
    private final Optional<Path> file;

    private ConfigurationAssembly(Optional<Path> file) {
        this.file = file;
    }

    static Configuration ofSources(ConfigurationSources sources) throws ConfigurationException {
        ConfigurationAssembly assembly = new ConfigurationAssembly(sources.file());
        assembly.file.ifPresent(path -> new FileReader(path, assembly.values, assembly.problems).read());
        assembly.file.ifPresent(assembly::checkMode);
        new VariableReader(assembly.values, assembly.problems).read(sources.variables());
        return assembly.assemble();
    }

    /** The configuration that a file with this content would be, were there no variables. */
    static Configuration ofText(Path file, String text) throws ConfigurationException {
        ConfigurationAssembly assembly = new ConfigurationAssembly(Optional.of(file));
        new FileReader(file, assembly.values, assembly.problems).read(text);
        return assembly.assemble();
    }

    private Configuration assemble() throws ConfigurationException {
        Map<String, RepositoryConfiguration> repositories = repositories();
        List<ClusterConfiguration> clusters = clusters(repositories);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Configuration(
                file,
                clusters,
                List.copyOf(repositories.values()),
                values.names("repository").isEmpty(),
                backup(),
                archive());
    }

    /** Called before variables are read: what they hold is not in the file. */
    private void checkMode(Path file) {
        try {
            if (!CLOSED_ENOUGH.containsAll(Files.getPosixFilePermissions(file))) {
                for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
                    checkSecret(key, file);
                }
            }
        } catch (IOException e) {
            // A file that cannot be looked at could not be read either, and that was told already.
            assert !problems.isEmpty() : e;
        }
    }

    private void checkSecret(ConfigurationKey<?> key, Path file) {
        for (String name : values.names(key.parts().getFirst())) {
            if (ValueCheck.isSecret(key, name, values)) {
                problems.add(new Problem(
                        values.location(key, name),
                        "\"" + key.path(name)
                                + "\" is not for others, who may read or change this file, whose mode must be 0640"
                                + " or less",
                        "Run \"chmod 0640 " + file + "\"; a password may also stand in a pass file."));
            }
        }
    }

    private Map<String, RepositoryConfiguration> repositories() {
        Map<String, RepositoryConfiguration> repositories = new LinkedHashMap<>();
        for (String name : values.names("repository")) {
            repositories.put(name, repository(name, values.names("repository").size() == 1));
        }
        if (repositories.isEmpty()) {
            repositories.put(DEFAULT_REPOSITORY, repository(DEFAULT_REPOSITORY, true));
        }
        return repositories;
    }

    /** @param isOnly whether it is the only one, so that clusters need not name it */
    private RepositoryConfiguration repository(String name, boolean isOnly) {
        return new RepositoryConfiguration(
                name,
                values.get(ConfigurationKeys.REPOSITORY_URL, name),
                new LockPeriods(values, problems).settled(name, isOnly, StoreKeys.settings(values, name)),
                values.find(ConfigurationKeys.REPOSITORY_ID, name),
                encryption(name));
    }

    private EncryptionConfiguration encryption(String name) {
        Optional<String> said = values.find(ConfigurationKeys.REPOSITORY_ENCRYPTION, name);
        EncryptionConfiguration encryption = new EncryptionConfiguration(
                said.map("required"::equals).orElse(false),
                values.find(ConfigurationKeys.REPOSITORY_KEY_FINGERPRINT, name),
                new KeySources(
                        values.find(ConfigurationKeys.REPOSITORY_KEY_FILE, name),
                        values.find(ConfigurationKeys.REPOSITORY_PASSPHRASE_COMMAND, name),
                        values.find(ConfigurationKeys.REPOSITORY_KEY_COMMAND, name),
                        values.find(ConfigurationKeys.REPOSITORY_KMS, name)));
        if (said.isPresent() && !said.get().equals("required") && encryption.isRequired()) {
            problems.add(new Problem(
                    values.location(ConfigurationKeys.REPOSITORY_ENCRYPTION, name),
                    "\"" + ConfigurationKeys.REPOSITORY_ENCRYPTION.path(name)
                            + "\" is \"none\", but a key or a fingerprint of the repository is configured",
                    "Remove the one or the other."));
        }
        return encryption;
    }

    private List<ClusterConfiguration> clusters(Map<String, RepositoryConfiguration> repositories) {
        List<ClusterConfiguration> clusters = new ArrayList<>();
        Map<Path, String> byDataDirectory = new LinkedHashMap<>();
        for (String name : values.names("cluster")) {
            Optional<Path> pgdata = values.find(ConfigurationKeys.CLUSTER_PGDATA, name);
            Location location = values.location(ConfigurationKeys.CLUSTER_PGDATA, name);
            boolean isRemote = pgdata.isEmpty()
                    && values.find(ConfigurationKeys.CLUSTER_CONNECTION, name).isPresent();
            if (pgdata.isEmpty() && !isRemote) {
                reportMissingDataDirectory(name, location);
            }
            List<RepositoryConfiguration> own = repositoriesOf(name, repositories);
            if ((pgdata.isPresent() || isRemote) && !own.isEmpty()) {
                String other = pgdata.isPresent() ? byDataDirectory.putIfAbsent(pgdata.get(), name) : null;
                if (other != null) {
                    problems.add(new Problem(
                            location,
                            "clusters \"" + other + "\" and \"" + name + "\" have the same pgdata \""
                                    + pgdata.orElseThrow() + "\"",
                            ""));
                }
                clusters.add(new ClusterConfiguration(
                        name,
                        pgdata,
                        values.get(ConfigurationKeys.CLUSTER_CONNECTION, name),
                        own,
                        requirement(name, own),
                        keep(name),
                        ReceiveKeys.configuration(values, name)));
            }
        }
        return clusters;
    }

    private RetentionPolicy keep(String cluster) {
        return new RetentionPolicy(
                values.get(ConfigurationKeys.KEEP_LAST, cluster),
                values.find(ConfigurationKeys.KEEP_WINDOW, cluster),
                new RetentionPolicy.CalendarRules(
                        values.get(ConfigurationKeys.KEEP_DAILY, cluster),
                        values.get(ConfigurationKeys.KEEP_WEEKLY, cluster),
                        values.get(ConfigurationKeys.KEEP_MONTHLY, cluster),
                        values.get(ConfigurationKeys.KEEP_YEARLY, cluster)),
                values.get(ConfigurationKeys.KEEP_TIME_ZONE, cluster),
                values.get(ConfigurationKeys.KEEP_MINIMUM, cluster));
    }

    /** A value that was refused is told already. */
    private void reportMissingDataDirectory(String name, Location location) {
        String path = ConfigurationKeys.CLUSTER_PGDATA.path(name);
        if (problems.stream().noneMatch(problem -> problem.message().contains("\"" + path + "\""))) {
            problems.add(new Problem(
                    location, "\"" + path + "\" is missing", "A cluster on another host has a connection instead."));
        }
    }

    /** The nearest first; none if what is said is wrong, which is told then. */
    private List<RepositoryConfiguration> repositoriesOf(
            String cluster, Map<String, RepositoryConfiguration> repositories) {
        Optional<List<String>> names = values.find(ConfigurationKeys.CLUSTER_REPOSITORY, cluster);
        Location location = values.location(ConfigurationKeys.CLUSTER_REPOSITORY, cluster);
        if (names.isEmpty() && repositories.size() == 1) {
            return List.copyOf(repositories.values());
        }
        if (names.isEmpty()) {
            problems.add(new Problem(
                    location,
                    "\"" + ConfigurationKeys.CLUSTER_REPOSITORY.path(cluster)
                            + "\" is missing, and there is more than one repository",
                    ""));
            return List.of();
        }
        List<RepositoryConfiguration> found = new ArrayList<>();
        for (String name : names.get()) {
            Optional<RepositoryConfiguration> repository = Optional.ofNullable(repositories.get(name));
            if (repository.isEmpty()) {
                problems.add(new Problem(
                        location,
                        "repository \"" + name + "\" is not configured",
                        Suggestion.forWord(name, repositories.keySet())));
                return List.of();
            }
            Optional<RepositoryConfiguration> same = found.stream()
                    .filter(other -> isSamePlace(other, repository.get()))
                    .findFirst();
            if (same.isPresent()) {
                problems.add(new Problem(
                        location,
                        "repositories \"" + same.get().name() + "\" and \"" + name + "\" of cluster \"" + cluster
                                + "\" are the same",
                        "A second repository is another one in another place."));
                return List.of();
            }
            found.add(repository.get());
        }
        return found;
    }

    private static boolean isSamePlace(RepositoryConfiguration one, RepositoryConfiguration other) {
        return one.name().equals(other.name())
                || (one.url().equals(other.url())
                        && one.store()
                                .find(StoreOption.ENDPOINT)
                                .equals(other.store().find(StoreOption.ENDPOINT)))
                || (one.id().isPresent() && one.id().equals(other.id()));
    }

    private Requirement requirement(String cluster, List<RepositoryConfiguration> own) {
        String word = values.get(ConfigurationKeys.CLUSTER_REQUIRE, cluster);
        Requirement requirement = Requirement.parse(word);
        if (requirement instanceof Requirement.One(String name)
                && own.stream().noneMatch(one -> one.name().equals(name))) {
            problems.add(new Problem(
                    values.location(ConfigurationKeys.CLUSTER_REQUIRE, cluster),
                    "cluster \"" + cluster + "\" requires repository \"" + name + "\", which is none of its own",
                    "Say \"all\", \"any\", or one of "
                            + own.stream()
                                    .map(one -> "\"" + one.name() + "\"")
                                    .collect(java.util.stream.Collectors.joining(", "))
                            + "."));
        }
        return requirement;
    }

    private BackupConfiguration backup() {
        return new BackupConfiguration(
                values.find(ConfigurationKeys.BACKUP_JOBS, "").orElseGet(ConfigurationAssembly::processors),
                values.get(ConfigurationKeys.BACKUP_COMPRESSION, ""),
                values.get(ConfigurationKeys.BACKUP_CHECKPOINT, "").equals("fast"),
                values.get(ConfigurationKeys.BACKUP_RATE, ""),
                values.get(ConfigurationKeys.BACKUP_NICE, ""));
    }

    private ArchiveConfiguration archive() {
        return new ArchiveConfiguration(
                values.get(ConfigurationKeys.ARCHIVE_PUSH_TIMEOUT, ""),
                values.get(ConfigurationKeys.ARCHIVE_GET_TIMEOUT, ""),
                values.get(ConfigurationKeys.ARCHIVE_HISTORY_TIMEOUT, ""),
                values.get(ConfigurationKeys.ARCHIVE_WORKER_IDLE, ""),
                values.get(ConfigurationKeys.ARCHIVE_READ_AHEAD, ""),
                values.find(ConfigurationKeys.ARCHIVE_JOBS, "").orElseGet(ConfigurationAssembly::segments),
                values.get(ConfigurationKeys.ARCHIVE_WAL_COMPRESSION, ""),
                new BacklogLimit(
                        values.get(ConfigurationKeys.ARCHIVE_MAX_BACKLOG, "").bytes(),
                        values.get(ConfigurationKeys.ARCHIVE_MAX_BACKLOG_AGE, "")
                                .duration(),
                        BacklogLimit.Action.parse(values.get(ConfigurationKeys.ARCHIVE_AT_MAX_BACKLOG, ""))));
    }

    /** While one is compressed another one is on its way. */
    private static int segments() {
        return Math.min(MOST_PROCESSORS, 2 * Runtime.getRuntime().availableProcessors());
    }

    private static int processors() {
        return Math.min(MOST_PROCESSORS, Runtime.getRuntime().availableProcessors());
    }
}

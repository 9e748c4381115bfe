package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that is configured.
 *
 * @param file the file that was read, if there was one
 * @param clusters in the order of their names
 * @param repositories in the order of their names
 * @param repositoryIsAssumed whether the one repository is not configured, but what counts where none is
 * @param backup how backups are made
 * @param archive how WAL is archived and fetched
 */
public record Configuration(
        Optional<Path> file,
        List<ClusterConfiguration> clusters,
        List<RepositoryConfiguration> repositories,
        boolean repositoryIsAssumed,
        BackupConfiguration backup,
        ArchiveConfiguration archive) {
    public Configuration {
        clusters = List.copyOf(clusters);
        repositories = List.copyOf(repositories);
    }

    /**
     * Reads the file that counts and the variables.
     *
     * @throws ConfigurationException with everything that is wrong in them
     */
    public static Configuration read(ConfigurationSources sources) throws ConfigurationException {
        return ConfigurationAssembly.ofSources(sources);
    }

    /** The file that was read in words, for messages. */
    public String source() {
        return file.map(path -> "configuration file \"" + path + "\"")
                .orElse("no configuration file (looked for --config, PGARK_CONFIG, ~/.config/pgark/pgark.toml and "
                        + ConfigurationSources.SYSTEM_FILE + ")");
    }

    /**
     * The cluster of this name; without a name, the only one.
     *
     * @throws ConfigurationException if there is no such cluster, or no name and not exactly one cluster
     */
    public ClusterConfiguration cluster(Optional<String> name) throws ConfigurationException {
        if (clusters.isEmpty()) {
            throw new ConfigurationException(Problem.of(
                    "no cluster is configured: " + source(), "Run \"pgark init --cluster NAME --pgdata DIR\" first."));
        }
        if (name.isPresent()) {
            return clusters.stream()
                    .filter(cluster -> cluster.name().equals(name.get()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException(Problem.of(
                            "cluster \"" + name.get() + "\" is not configured",
                            "There " + (clusters.size() == 1 ? "is " : "are ") + names() + ".")));
        }
        if (clusters.size() > 1) {
            throw new ConfigurationException(
                    Problem.of("several clusters are configured: " + names(), "Name one by --cluster."));
        }
        return clusters.getFirst();
    }

    /**
     * The repository of this name; without a name, the only one.
     *
     * @throws ConfigurationException if there is no such repository, or no name and not exactly one repository
     */
    public RepositoryConfiguration repository(Optional<String> name) throws ConfigurationException {
        String there = repositories.stream()
                .map(repository -> "\"" + repository.name() + "\"")
                .collect(Collectors.joining(", "));
        if (name.isPresent()) {
            return repositories.stream()
                    .filter(repository -> repository.name().equals(name.get()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException(Problem.of(
                            "repository \"" + name.get() + "\" is not configured",
                            "There " + (repositories.size() == 1 ? "is " : "are ") + there + ".")));
        }
        if (repositories.size() > 1) {
            throw new ConfigurationException(
                    Problem.of("several repositories are configured: " + there, "Name one by --repository."));
        }
        return repositories.getFirst();
    }

    /**
     * The repository of this name.
     *
     * @throws ConfigurationException if there is no such repository
     */
    public RepositoryConfiguration repository(String name) throws ConfigurationException {
        return repository(Optional.of(name));
    }

    /** The cluster whose data directory is this folder, links followed. */
    public Optional<ClusterConfiguration> clusterOfDataDirectory(Path folder) {
        Path wanted = realPath(folder);
        return clusters.stream()
                .filter(cluster -> cluster.dataDirectory()
                        .filter(data -> realPath(data).equals(wanted))
                        .isPresent())
                .findFirst();
    }

    private String names() {
        return clusters.stream().map(cluster -> "\"" + cluster.name() + "\"").collect(Collectors.joining(", "));
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}

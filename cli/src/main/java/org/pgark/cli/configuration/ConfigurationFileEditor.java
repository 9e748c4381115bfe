package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Adds a cluster to a configuration file, which is made if need be. What is there stays as it is, comments included: new
 * tables are put behind it, and only if the whole means the same as before for every other cluster.
 */
public final class ConfigurationFileEditor {
    private static final String TITLE = "# Configuration of pgark\n";
    private static final String USUAL_REPOSITORY = "main";

    private final Path file;

    /** Edits this file. */
    public ConfigurationFileEditor(Path file) {
        this.file = file;
    }

    /**
     * Makes sure that the file has the cluster; does nothing if it has it already with the same data directory.
     *
     * @throws ConfigurationException if the file has errors, or says something else about the cluster
     * @throws IOException if the file cannot be read or replaced; then it is as it was
     */
    public ConfigurationEdit add(NewCluster cluster) throws ConfigurationException, IOException {
        boolean exists = Files.exists(file);
        Path target = exists ? file.toRealPath() : file;
        String text = exists ? Files.readString(target) : "";
        Configuration before = ConfigurationAssembly.ofText(file, text);
        String tables = missingTables(cluster, before);
        if (tables.isEmpty()) {
            return new ConfigurationEdit(target, false, "");
        }
        String separator = text.isEmpty() ? TITLE + "\n" : text.endsWith("\n") ? "\n" : "\n\n";
        String extended = text + separator + tables;
        checkNothingElseChanged(before, extended);
        FileReplacement.replace(target, extended, cluster.pgdata());
        return new ConfigurationEdit(target, !exists, tables);
    }

    private String missingTables(NewCluster cluster, Configuration before) throws ConfigurationException {
        Optional<ClusterConfiguration> known = before.clusters().stream()
                .filter(other -> other.name().equals(cluster.name()))
                .findFirst();
        Optional<ClusterConfiguration> sameFolder = before.clusterOfDataDirectory(cluster.pgdata());
        if (known.isPresent() && !known.equals(sameFolder)) {
            throw refused(
                    "cluster \"" + cluster.name() + "\" is configured with pgdata \""
                            + known.get().pgdata() + "\", not \"" + cluster.pgdata() + "\"",
                    "Choose another name for the new cluster, or change the file.");
        }
        if (known.isEmpty() && sameFolder.isPresent()) {
            throw refused(
                    "pgdata \"" + cluster.pgdata() + "\" is configured as cluster \""
                            + sameFolder.get().name() + "\"",
                    "Use that name, or change the file.");
        }
        if (known.isPresent()) {
            checkSameRepository(cluster, known.get());
            return "";
        }
        Optional<String> repository = knownRepository(cluster, before);
        String name = repository.orElseGet(() -> freeRepositoryName(cluster, before));
        String url = cluster.repositoryUrl()
                .orElseGet(() -> ConfigurationKeys.REPOSITORY_URL.fixedDefault().toString());
        return (repository.isPresent() ? "" : "[repository." + name + "]\nurl = " + quoted(url) + "\n\n")
                + "[cluster." + cluster.name() + "]\n"
                + "pgdata = " + quoted(cluster.pgdata().toString()) + "\n"
                + cluster.connection()
                        .map(connection -> "connection = " + quoted(connection) + "\n")
                        .orElse("")
                + "repository = " + quoted(name) + "\n";
    }

    private void checkSameRepository(NewCluster cluster, ClusterConfiguration known) throws ConfigurationException {
        String url = known.repository().url().toString();
        if (cluster.repositoryUrl().isPresent()
                && !cluster.repositoryUrl().get().equals(url)) {
            throw refused(
                    "cluster \"" + cluster.name() + "\" is configured with repository \"" + url + "\", not \""
                            + cluster.repositoryUrl().get() + "\"",
                    "Change the file if the cluster shall have another repository.");
        }
    }

    /** The repository that the file has already for this cluster. */
    private Optional<String> knownRepository(NewCluster cluster, Configuration before) throws ConfigurationException {
        if (before.repositoryIsAssumed()) {
            return Optional.empty();
        }
        if (cluster.repositoryUrl().isEmpty() && before.repositories().size() > 1) {
            throw refused(
                    "several repositories are configured: "
                            + before.repositories().stream()
                                    .map(repository -> "\"" + repository.name() + "\"")
                                    .collect(Collectors.joining(", ")),
                    "Name one by its URL with --repo.");
        }
        return before.repositories().stream()
                .filter(repository -> cluster.repositoryUrl()
                        .map(url -> url.equals(repository.url().toString()))
                        .orElse(true))
                .map(RepositoryConfiguration::name)
                .findFirst();
    }

    private String freeRepositoryName(NewCluster cluster, Configuration before) {
        boolean mainIsTaken = !before.repositoryIsAssumed()
                && before.repositories().stream()
                        .anyMatch(repository -> repository.name().equals(USUAL_REPOSITORY));
        return mainIsTaken ? cluster.name() : USUAL_REPOSITORY;
    }

    private void checkNothingElseChanged(Configuration before, String extended) throws ConfigurationException {
        Configuration after;
        try {
            after = ConfigurationAssembly.ofText(file, extended);
        } catch (ConfigurationException e) {
            Problem problem = e.problems().getFirst();
            throw refused("cannot be extended: " + problem.message(), "Add the cluster by hand.");
        }
        for (ClusterConfiguration cluster : before.clusters()) {
            if (!after.clusters().contains(cluster)) {
                throw refused(
                        "a new repository would become that of cluster \"" + cluster.name() + "\"",
                        "Set \"cluster." + cluster.name() + ".repository\" first.");
            }
        }
    }

    private ConfigurationException refused(String message, String hint) {
        return new ConfigurationException(new Problem(Location.of(file), message, hint));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character == '"' || character == '\\') {
                quoted.append('\\').append(character);
            } else if (character < ' ' || character == 0x7F) {
                quoted.append(String.format(Locale.ROOT, "\\u%04X", (int) character));
            } else {
                quoted.append(character);
            }
        }
        return quoted.append('"').toString();
    }
}

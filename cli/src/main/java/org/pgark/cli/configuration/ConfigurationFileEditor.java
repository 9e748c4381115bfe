package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
     * Makes sure that the file has the cluster; does nothing if it has it already with the same data directory, or
     * without one, and the same connection.
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
        FileReplacement.replace(target, extended, cluster.pgdata().orElse(target));
        return new ConfigurationEdit(target, !exists, tables);
    }

    private String missingTables(NewCluster cluster, Configuration before) throws ConfigurationException {
        Optional<ClusterConfiguration> known = before.clusters().stream()
                .filter(other -> other.name().equals(cluster.name()))
                .findFirst();
        Optional<ClusterConfiguration> sameFolder = cluster.pgdata().flatMap(before::clusterOfDataDirectory);
        if (known.isPresent()) {
            checkSameServer(cluster, known.get(), sameFolder);
        } else if (sameFolder.isPresent()) {
            throw refused(
                    "pgdata \"" + cluster.pgdata().orElseThrow() + "\" is configured as cluster \""
                            + sameFolder.get().name() + "\"",
                    "Use that name, or change the file.");
        }
        if (known.isPresent()) {
            checkSameRepository(cluster, known.get());
            checkSameKeys(cluster, known.get().repository());
            return "";
        }
        Optional<String> repository = knownRepository(cluster, before);
        for (RepositoryConfiguration other : before.repositories()) {
            if (repository.filter(other.name()::equals).isPresent()) {
                checkSameKeys(cluster, other);
            }
        }
        String name = repository.orElseGet(() -> freeRepositoryName(cluster, before));
        String url = cluster.repositoryUrl()
                .orElseGet(() -> ConfigurationKeys.REPOSITORY_URL.fixedDefault().toString());
        return (repository.isPresent()
                        ? ""
                        : "[repository." + name + "]\nurl = " + quoted(url) + "\n" + keyLines(cluster.keys()) + "\n")
                + "[cluster." + cluster.name() + "]\n"
                + cluster.pgdata()
                        .map(directory -> "pgdata = " + quoted(directory.toString()) + "\n")
                        .orElse("")
                + cluster.connection()
                        .map(connection -> "connection = " + quoted(connection) + "\n")
                        .orElse("")
                + "repository = " + quoted(name) + "\n";
    }

    private void checkSameServer(
            NewCluster cluster, ClusterConfiguration known, Optional<ClusterConfiguration> sameFolder)
            throws ConfigurationException {
        if (known.dataDirectory().isPresent() || cluster.pgdata().isPresent()) {
            if (!sameFolder.equals(Optional.of(known))) {
                throw refused(
                        "cluster \"" + cluster.name() + "\" is configured " + place(known.dataDirectory()) + ", not "
                                + place(cluster.pgdata()),
                        "Choose another name for the new cluster, or change the file.");
            }
        } else if (cluster.connection().isPresent()
                && !known.connection().text().equals(cluster.connection().get())) {
            // Either may hold a password.
            throw refused(
                    "cluster \"" + cluster.name() + "\" is configured with another connection than that of the"
                            + " command line",
                    "Leave --connection away to take that of the file, or change the file.");
        }
    }

    private static String place(Optional<Path> pgdata) {
        return pgdata.map(directory -> "with pgdata \"" + directory + "\"").orElse("by its connection only");
    }

    private static String keyLines(KeySources keys) {
        StringBuilder lines = new StringBuilder(keys.isEmpty() ? "" : "encryption = \"required\"\n");
        keys.keyFile().ifPresent(file -> lines.append(line("key-file", file.toString())));
        keys.passphraseCommand().ifPresent(command -> lines.append(line("passphrase-command", command)));
        keys.keyCommand().ifPresent(command -> lines.append(line("key-command", command)));
        keys.kms().ifPresent(uri -> lines.append(line("kms", uri)));
        return lines.toString();
    }

    private static String line(String key, String value) {
        return key + " = " + quoted(value) + "\n";
    }

    /** What a repository is opened by is changed by hand: it has to be changed in the repository, too. */
    private void checkSameKeys(NewCluster cluster, RepositoryConfiguration known) throws ConfigurationException {
        if (cluster.keys().isEmpty() || cluster.keys().equals(known.encryption().keys())) {
            return;
        }
        if (!known.encryption().isRequired()) {
            throw refused(
                    "repository \"" + known.name() + "\" is configured without encryption, which cannot be added",
                    "Choose another place for an encrypted one with --repo.");
        }
        throw refused(
                "repository \"" + known.name() + "\" is configured with other keys than those of the command line",
                "Leave them away to take those of the file; \"pgark key rotate\" changes who can open a repository.");
    }

    private void checkSameRepository(NewCluster cluster, ClusterConfiguration known) throws ConfigurationException {
        List<String> urls = known.repositories().stream()
                .map(repository -> repository.url().toString())
                .toList();
        if (cluster.repositoryUrl().isPresent()
                && !urls.contains(cluster.repositoryUrl().get())) {
            throw refused(
                    "cluster \"" + cluster.name() + "\" is configured with repository \"" + String.join("\", \"", urls)
                            + "\", not \""
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

    /**
     * Makes sure that the file says by what a repository is known again; does nothing if it says so already.
     *
     * @return whether the file was changed
     * @throws ConfigurationException if the file pins another repository, or has to be changed by hand
     * @throws IOException if the file cannot be read or replaced; then it is as it was
     */
    public boolean pin(String repository, RepositoryPins pins, Path groupModel)
            throws ConfigurationException, IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        String text = Files.exists(file) ? Files.readString(target) : TITLE;
        Configuration before = ConfigurationAssembly.ofText(file, text);
        Optional<RepositoryConfiguration> known = before.repositoryIsAssumed()
                ? Optional.empty()
                : before.repositories().stream()
                        .filter(other -> other.name().equals(repository))
                        .findFirst();
        String missing = missingPins(known, pins);
        if (missing.isEmpty()) {
            return false;
        }
        String extended = known.isEmpty()
                ? text + (text.endsWith("\n") ? "\n" : "\n\n") + "[repository." + repository + "]\n" + missing
                : insertedBehind(
                        text, "\\[\\s*repository\\s*\\.\\s*\"?" + repository + "\"?\\s*\\]\\s*(#.*)?", missing);
        checkPinned(before, known, extended, pins, missing);
        FileReplacement.replace(target, extended, groupModel);
        return true;
    }

    private String missingPins(Optional<RepositoryConfiguration> known, RepositoryPins pins)
            throws ConfigurationException {
        return missing("id", known.flatMap(RepositoryConfiguration::id), pins.repositoryId())
                + missing(
                        "key-fingerprint",
                        known.flatMap(there -> there.encryption().fingerprint()),
                        pins.keyFingerprint());
    }

    private String missing(String key, Optional<String> said, String found) throws ConfigurationException {
        if (said.isPresent() && !said.get().equals(found)) {
            throw refused("the repository has the " + key + " " + found + ", not " + said.get(), "");
        }
        return said.isPresent() ? "" : line(key, found);
    }

    /** Behind the only line of this form; as it is where there is none. */
    private static String insertedBehind(String text, String form, String lines) {
        Matcher matcher = Pattern.compile("(?m)^[ \\t]*" + form + "$").matcher(text);
        if (!matcher.find()) {
            return text;
        }
        int end = matcher.end();
        return text.substring(0, end) + "\n" + lines.stripTrailing() + text.substring(end);
    }

    private void checkPinned(
            Configuration before,
            Optional<RepositoryConfiguration> known,
            String extended,
            RepositoryPins pins,
            String missing)
            throws ConfigurationException {
        ConfigurationException byHand = refused(
                "cannot be extended",
                "Add by hand to the repository's table: " + missing.strip().replace("\n", ", "));
        Configuration after;
        try {
            after = ConfigurationAssembly.ofText(file, extended);
        } catch (ConfigurationException e) {
            throw byHand;
        }
        List<RepositoryConfiguration> others =
                new ArrayList<>(before.repositoryIsAssumed() ? List.of() : before.repositories());
        known.ifPresent(there -> others.set(others.indexOf(there), there.pinned(pins)));
        if (!after.repositories().containsAll(others)
                || after.repositories().size() != others.size() + (known.isPresent() ? 0 : 1)
                || after.clusters().size() != before.clusters().size()) {
            throw byHand;
        }
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

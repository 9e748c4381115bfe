package org.pgark.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.connection.ConnectionEnvironment;

/** The command lines by which PostgreSQL calls {@code pgark-wal}. */
final class ShellFront {
    private ShellFront() {}

    /** For {@code archive_command}; the cluster is found by the working directory. */
    static String archiveCommand(Configuration configuration) {
        return front(configuration) + " push %p";
    }

    /**
     * For {@code restore_command} of a copy that may lie anywhere. Repositories that the environment names for this command
     * are those that recovery reads, too: the configuration may name one that is lost.
     */
    static String restoreCommand(String cluster, Configuration configuration) {
        return restoreCommand(cluster, configuration, System.getenv());
    }

    static String restoreCommand(String cluster, Configuration configuration, Map<String, String> environment) {
        String chosen =
                environment.getOrDefault(variable(cluster) + "_REPOSITORY", "").strip();
        if (!chosen.isEmpty()) {
            return restoreCommand(cluster, configuration, List.of(chosen.split("\\s*,\\s*")));
        }
        return front(configuration) + " --cluster " + cluster + " get %f %p";
    }

    /**
     * Likewise, by a worker that knows of these repositories only: one of its own, in a spool of its own, since another
     * one may be at work for the cluster's server.
     */
    static String restoreCommand(String cluster, Configuration configuration, List<String> repositories) {
        String variable = variable(cluster);
        Path spool = SpoolRoot.find(
                        System.getenv(), ConnectionEnvironment.current().home())
                .spool(cluster)
                .folder()
                .resolve("only-" + String.join("-", repositories));
        return variable + "_REPOSITORY=" + String.join(",", repositories) + " " + variable + "_REQUIRE=all "
                + front(configuration, Optional.of(spool.toString())) + " --cluster " + cluster + " get %f %p";
    }

    /** How variables begin that say what stands in the cluster's table. */
    private static String variable(String cluster) {
        return "PGARK_CLUSTER_" + cluster.toUpperCase(Locale.ROOT);
    }

    private static String front(Configuration configuration) {
        return front(
                configuration,
                Optional.ofNullable(System.getenv(SpoolRoot.VARIABLE)).filter(root -> !root.isEmpty()));
    }

    private static String front(Configuration configuration, Optional<String> spools) {
        StringBuilder line = new StringBuilder();
        spools.ifPresent(root ->
                line.append(SpoolRoot.VARIABLE).append('=').append(word(root)).append(' '));
        line.append(word(Path.of(System.getProperty("pgark.home", "."), "bin", "pgark-wal")
                .toAbsolutePath()
                .normalize()
                .toString()));
        configuration
                .file()
                .filter(file -> !file.equals(ConfigurationSources.SYSTEM_FILE))
                .ifPresent(file -> line.append(" --config ")
                        .append(word(file.toAbsolutePath().normalize().toString())));
        return line.toString();
    }

    /** One word of a shell command in a setting where {@code %} has a meaning. */
    private static String word(String text) {
        String escaped = text.replace("%", "%%");
        return escaped.matches("[A-Za-z0-9_./:=+%-]+") ? escaped : "'" + escaped.replace("'", "'\\''") + "'";
    }
}

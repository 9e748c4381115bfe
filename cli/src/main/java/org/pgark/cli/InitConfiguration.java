package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationEdit;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationFileEditor;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.NewCluster;
import org.pgark.cli.process.Owner;

/** What {@code init} writes into the configuration. */
final class InitConfiguration {
    private final InitCommand options;

    InitConfiguration(InitCommand options) {
        this.options = options;
    }

    /** Refuses a name that no variable could be named after. */
    void checkName() {
        if (!options.cluster.matches("[a-z][a-z0-9_]*")) {
            throw options.pgark.usage("invalid cluster name \"" + options.cluster
                    + "\", must be lower-case letters, digits and underscores, beginning with a letter");
        }
    }

    /** Makes sure that the file that counts has the cluster; it is made if there is none. */
    ConfigurationEdit add(Optional<Path> pgdata, Optional<String> connection, KeySources keys)
            throws IOException, ConfigurationException {
        ConfigurationSources sources =
                ConfigurationSources.current(options.pgark.global().configFile());
        Path file = sources.file()
                .orElse(sources.explicitFile()
                        .orElse(
                                Owner.ofThisProcess().isRoot()
                                        ? ConfigurationSources.SYSTEM_FILE
                                        : sources.userFile()));
        return new ConfigurationFileEditor(file.toAbsolutePath())
                .add(new NewCluster(
                        options.cluster, pgdata, connection, Optional.ofNullable(options.repository), keys));
    }

    /** Says whether the file was changed. */
    void tell(ConfigurationEdit edit) {
        if (!edit.added().isEmpty()) {
            options.pgark.output().line((edit.created() ? "made " : "extended ") + edit.file());
        }
    }
}

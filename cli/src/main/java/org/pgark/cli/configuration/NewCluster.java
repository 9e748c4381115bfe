package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A cluster that shall be in the configuration.
 *
 * @param name its name
 * @param pgdata its data directory, absolute; empty for a cluster that is reached by its connection only
 * @param connection how to connect to its server, if that needs saying
 * @param repositoryUrl where its repository is; if empty, the repository that is configured or the default one
 * @param keys by what the keys of its repository are opened, if that is to be encrypted
 */
public record NewCluster(
        String name,
        Optional<Path> pgdata,
        Optional<String> connection,
        Optional<String> repositoryUrl,
        KeySources keys) {}

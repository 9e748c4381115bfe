package org.pgark.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which one of a cluster's repositories a command is about. */
final class RepoOption {
    @Option(
            names = "--repo",
            paramLabel = "NAME",
            description = "only this one of the cluster's repositories (default: all of them)")
    @Nullable
    String name;

    Optional<String> name() {
        return Optional.ofNullable(name);
    }
}

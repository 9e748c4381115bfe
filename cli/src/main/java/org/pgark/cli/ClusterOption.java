package org.pgark.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command is about. */
final class ClusterOption {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "the cluster; not needed where only one is configured")
    @Nullable
    String name;

    Optional<String> name() {
        return Optional.ofNullable(name);
    }
}

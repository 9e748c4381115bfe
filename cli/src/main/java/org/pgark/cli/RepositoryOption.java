package org.pgark.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which repository a command is about. */
final class RepositoryOption {
    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description = "the repository; not needed where only one is configured")
    @Nullable
    String name;

    Optional<String> name() {
        return Optional.ofNullable(name);
    }
}

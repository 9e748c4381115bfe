package org.pgark.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.output.Output;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class GlobalOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "the configuration file, instead of PGARK_CONFIG, ~/.config/pgark/pgark.toml or /etc/pgark/pgark.toml")
    @org.jspecify.annotations.Nullable
    Path config;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "print the result as JSON, progress and errors as JSON lines")
    boolean json;

    Optional<Path> configFile() {
        return Optional.ofNullable(config);
    }

    Output output(Invocation invocation) {
        return new Output(invocation.out(), invocation.err(), json);
    }
}

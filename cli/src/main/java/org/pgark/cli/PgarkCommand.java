package org.pgark.cli;

import java.util.Objects;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.output.Output;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pgark}: the command that holds all others. */
@Command(
        name = "pgark",
        description = "Keeps PostgreSQL databases recoverable.",
        mixinStandardHelpOptions = true,
        versionProvider = PgarkCommand.VersionText.class,
        scope = picocli.CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 done but damage was found, 4 refused, 5 busy,",
            "130 interrupted."
        })
final class PgarkCommand implements Runnable {
    /** Stands in a subcommand's field until picocli has set it. */
    static final PgarkCommand NONE = new PgarkCommand(new Invocation(System.out, System.err, java.util.List.of()));

    private final Invocation invocation;

    @Mixin
    private final GlobalOptions global = new GlobalOptions();

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    PgarkCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    GlobalOptions global() {
        return global;
    }

    Output output() {
        return global.output(invocation);
    }

    Configuration configuration() throws ConfigurationException {
        return Configuration.read(ConfigurationSources.current(global.configFile()));
    }

    /** A mistake in how the command was called. */
    ParameterException usage(String message) {
        CommandLine command = Objects.requireNonNull(spec, "spec is null").commandLine();
        while (command.getParseResult() != null && command.getParseResult().hasSubcommand()) {
            command = command.getParseResult().subcommand().commandSpec().commandLine();
        }
        return new ParameterException(command, message);
    }

    /** The number, unless it is less than one. */
    int atLeastOne(String option, int number) {
        if (number < 1) {
            throw usage("invalid value \"" + number + "\" of " + option + ", must be 1 or more");
        }
        return number;
    }

    Invocation invocation() {
        return invocation;
    }

    @Override
    public void run() {
        java.util.Objects.requireNonNull(spec, "spec is null").commandLine().usage(invocation.out());
    }

    /** Tells the version to {@code --version}. */
    static final class VersionText implements picocli.CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"pgark " + Version.text()};
        }
    }
}

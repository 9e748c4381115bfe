package org.pgark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pgark}: the command that holds all others. */
@Command(
        name = "pgark",
        description = "Keeps PostgreSQL databases recoverable.",
        mixinStandardHelpOptions = true,
        versionProvider = PgarkCommand.VersionText.class,
        scope = picocli.CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RehearseCommand.class,
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 done but damage was found, 4 refused, 5 busy,",
            "130 interrupted."
        })
final class PgarkCommand implements Runnable {
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

package org.pgark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code pgark standby}: servers that follow another one. */
@Command(
        name = "standby",
        description = "Make servers that follow another one.",
        subcommands = {
            StandbyCreateCommand.class,
        })
final class StandbyCommand implements Runnable {
    @ParentCommand
    PgarkCommand pgark = PgarkCommand.NONE;

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public void run() {
        java.util.Objects.requireNonNull(spec, "spec is null")
                .commandLine()
                .usage(pgark.invocation().out());
    }
}

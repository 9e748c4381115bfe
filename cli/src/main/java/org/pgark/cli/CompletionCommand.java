package org.pgark.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code pgark completion}: the script by which bash and zsh complete pgark's words. */
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footer = {"", "source <(pgark completion)"})
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec root =
                java.util.Objects.requireNonNull(spec, "spec is null").root();
        pgark.invocation().out().print(AutoComplete.bash("pgark", root.commandLine()));
        return ExitCode.DONE.number();
    }
}

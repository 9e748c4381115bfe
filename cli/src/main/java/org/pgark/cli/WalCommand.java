package org.pgark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code pgark wal}: the archive. */
@Command(
        name = "wal",
        description = "Archive, receive and fetch WAL files.",
        subcommands = {
            WalPushCommand.class,
            WalGetCommand.class,
            WalReceiveCommand.class,
            WalListCommand.class,
            WalStatusCommand.class,
            WalFillCommand.class,
            WalWorkerCommand.class,
        },
        footer = {
            "",
            "PostgreSQL calls pgark-wal instead, which starts no JVM for a segment; \"pgark init\" sets it up."
        })
final class WalCommand implements Runnable {
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

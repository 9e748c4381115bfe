package org.pgark.cli;

import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ConfigurationSources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code pgark wal worker}: the archive worker, which pgark-wal starts by itself. */
@Command(
        name = "worker",
        description = "Archive WAL and fetch it for pgark-wal, ahead of what it asks for, and end after a while without"
                + " work.",
        footer = {"", "pgark-wal starts it by itself. A second worker of a cluster ends at once."})
final class WalWorkerCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Override
    public Integer call() throws Exception {
        WorkerStart.work(
                ConfigurationSources.current(wal.pgark.global().configFile()),
                cluster.name(),
                wal.pgark.invocation().arguments(),
                WorkerStart.spools());
        return ExitCode.DONE.number();
    }
}

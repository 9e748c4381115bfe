package org.pgark.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pgark.agent.ArchiveWorker;
import org.pgark.agent.WorkerSettings;
import org.pgark.cli.configuration.ArchiveConfiguration;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.repository.frame.Compression;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code pgark wal worker}: the archive worker, which pgark-wal starts by itself. */
@Command(
        name = "worker",
        description =
                "Archive every WAL file that is ready, fetch what is asked for, and end after a while without work.",
        footer = {"", "pgark-wal starts it by itself. A second worker of a cluster ends at once."})
final class WalWorkerCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Override
    public Integer call() throws Exception {
        Configuration configuration = wal.pgark.configuration();
        ClusterConfiguration settings = WalAccess.cluster(configuration, cluster.name());
        if (java.nio.file.Files.isDirectory(settings.pgdata())) {
            OwnerSwitch.become(
                    Owner.of(settings.pgdata()), wal.pgark.invocation().arguments());
        }
        ArchiveWorker.run(workerSettings(configuration.archive(), settings));
        return ExitCode.DONE.number();
    }

    private static WorkerSettings workerSettings(ArchiveConfiguration archive, ClusterConfiguration cluster) {
        SpoolRoot spools =
                SpoolRoot.find(System.getenv(), ConnectionEnvironment.current().home());
        return new WorkerSettings(
                cluster.name(),
                cluster.pgdata(),
                Path.of("").toAbsolutePath(),
                spools,
                () -> Repositories.openForWal(cluster.repository()),
                archive.jobs(),
                Compression.parse(archive.walCompression()),
                archive.workerIdle().duration(),
                WorkerSettings.DEFAULT_READ_AHEAD,
                archive.readAhead().bytes(),
                archive.pushTimeout().duration(),
                archive.getTimeout().duration(),
                archive.historyTimeout().duration());
    }
}

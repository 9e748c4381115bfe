package org.pgark.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.several.Archives;
import org.pgark.physical.several.ArchivesPush;
import org.pgark.physical.wal.PushedFile;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.frame.Compression;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark wal push}: archives one file. */
@Command(name = "push", description = "Check one WAL file and archive it.")
final class WalPushCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Parameters(
            index = "0",
            paramLabel = "PATH",
            description = "the file; relative paths begin at the data directory or here")
    private Path path = Path.of(".");

    @Override
    public Integer call() throws Exception {
        Output output = wal.pgark.output();
        Configuration configuration = wal.pgark.configuration();
        ClusterConfiguration settings = WalAccess.cluster(configuration, cluster.name());
        OwnerSwitch.become(Owner.of(settings.pgdata()), wal.pgark.invocation().arguments());
        Path file = path.toAbsolutePath();
        if (!java.nio.file.Files.exists(file) && !path.isAbsolute()) {
            file = settings.pgdata().resolve(path);
        }
        try (Archives archives = WalAccess.archives(settings.in(repository.name()))) {
            PushedFile pushed = new ArchivesPush(
                            archives,
                            Compression.parse(configuration.archive().walCompression()),
                            InstantSource.system())
                    .push(settings.pgdata(), file);
            boolean stored = pushed.result() != PutResult.SAME_ALREADY_THERE;
            output.line(pushed.name()
                    + switch (pushed.result()) {
                        case STORED -> " archived";
                        case SAME_ALREADY_THERE -> " was archived already, with the same content";
                        case MENDED -> " was damaged in the archive, and was replaced";
                    });
            output.result(Output.object().put("file", pushed.name().toString()).put("stored", stored));
        }
        return ExitCode.DONE.number();
    }
}

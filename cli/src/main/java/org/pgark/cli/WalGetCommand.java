package org.pgark.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.physical.several.Archives;
import org.pgark.physical.several.ArchivesGet;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark wal get}: fetches one file. */
@Command(
        name = "get",
        description = "Fetch one WAL file from the archive.",
        footer = {
            "",
            "Exit code 1 only if it is proven that the archive does not have the file, 126 if that could not be found",
            "out, so that PostgreSQL does not take a fault for the end of the archive."
        })
final class WalGetCommand implements Callable<Integer> {
    private static final int FAULT = 126;

    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Parameters(index = "0", paramLabel = "SEGMENT", description = "the file's name")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "where to write it")
    private Path target = Path.of(".");

    @Override
    public Integer call() {
        Output output = wal.pgark.output();
        try {
            WalFileName wanted = fileName();
            ClusterConfiguration settings = WalAccess.cluster(wal.pgark.configuration(), cluster.name());
            OptionalLong size;
            try (Archives archives = WalAccess.archives(settings.in(repository.name()))) {
                ArchivesGet get = new ArchivesGet(archives);
                Path here = Path.of("").toAbsolutePath();
                size = Files.exists(here.resolve("global/pg_control"))
                        ? get.get(ControlFile.read(here).systemIdentifier(), wanted, target.toAbsolutePath())
                        : get.getOfNewest(wanted, target.toAbsolutePath());
            }
            if (size.isEmpty()) {
                output.error("wal_file_absent", "the archive does not have \"" + wanted + "\"", "");
                return ExitCode.FAILED.number();
            }
            output.line(wanted + " fetched, " + size.getAsLong() + " bytes");
            output.result(Output.object().put("file", wanted.toString()).put("size", size.getAsLong()));
            return ExitCode.DONE.number();
        } catch (picocli.CommandLine.ParameterException e) {
            throw e;
        } catch (Exception e) {
            Failures.explain(e, output);
            return FAULT;
        }
    }

    private WalFileName fileName() {
        try {
            return WalFileName.parse(name);
        } catch (IllegalArgumentException e) {
            throw wal.pgark.usage(String.valueOf(e.getMessage()));
        }
    }
}

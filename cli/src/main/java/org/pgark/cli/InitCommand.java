package org.pgark.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark init}: makes a cluster known to pgark, and archiving known to the cluster. */
@Command(
        name = "init",
        description =
                "Make or extend the configuration and the repository for a cluster, and print its archive settings.",
        footer = {
            "",
            "With one of --key-file, --passphrase-command, --key-command and --kms a new repository is encrypted from"
                    + " the",
            "start; a key file that does not exist is made. A repository cannot become encrypted later.",
            "May be run again at any time; what is there already stays."
        })
final class InitCommand implements Callable<Integer> {
    @ParentCommand
    PgarkCommand pgark = PgarkCommand.NONE;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            required = true,
            description = "what the cluster is called from now on")
    String cluster = "";

    @Option(
            names = "--pgdata",
            paramLabel = "DIR",
            description =
                    "its data directory; without it the cluster is one of another host, reached by its connection only")
    @Nullable
    Path pgdata;

    @Option(
            names = "--repo",
            paramLabel = "URL",
            description = "the repository (default: file:/var/lib/pgark/repository)")
    @Nullable
    String repository;

    @Option(
            names = "--connection",
            paramLabel = "CONNINFO",
            description = "how to connect, as for psql (default: the socket of the running server)")
    @Nullable
    String connection;

    @Mixin
    final KeyOptions keys = new KeyOptions();

    /** How root makes the repository as the owner of the cluster, before the configuration says which one it is. */
    @Option(names = "--repository-only", hidden = true)
    boolean repositoryOnly;

    /** Which of several repositories that is. */
    @Option(names = "--repository-name", hidden = true)
    @Nullable
    String repositoryName;

    @Option(
            names = "--take-over",
            description = "be the only writer, from now on, of a repository that can only have one")
    boolean takeOver;

    @Option(names = "--apply", description = "set archive_mode and archive_command in the running server")
    boolean apply;

    @Override
    public Integer call() throws Exception {
        return (pgdata == null ? new RemoteInit(this).run() : new InitRun(this, pgdata).run()).number();
    }
}

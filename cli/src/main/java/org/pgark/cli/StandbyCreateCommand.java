package org.pgark.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.backup.BackupRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark standby create}: from an empty directory to a standby that streams. */
@Command(
        name = "create",
        description = "Make a standby of a running server, start it, and wait until it streams.",
        footer = {
            "",
            "Started by root it goes on as the owner of the directory, which it makes if need be, or as postgres, since"
                    + " PostgreSQL refuses root.",
            "Exit code 4 if something is wrong beforehand; nothing is changed then. What fails later is undone, but"
                    + " for a server that does not start or stream: its files and its slot stay."
        })
final class StandbyCreateCommand implements Callable<Integer> {
    @ParentCommand
    StandbyCommand standby = new StandbyCommand();

    @Mixin
    final ClusterOption cluster = new ClusterOption();

    @Mixin
    final RepoOption repository = new RepoOption();

    @Option(
            names = {"-D", "--pgdata"},
            paramLabel = "DIR",
            required = true,
            description = "the standby's data directory: empty, or not there yet")
    Path directory = Path.of(".");

    @Option(
            names = {"-d", "--primary"},
            paramLabel = "CONNSTR",
            description =
                    "the server to follow, like \"host=db1 user=replicator\" (default: the connection of the configured"
                            + " cluster); the standby connects by the same words")
    @Nullable
    String primary;

    @ArgGroup(exclusive = true)
    SlotChoice slot = new SlotChoice();

    /** Whether the primary keeps WAL for it. */
    static final class SlotChoice {
        @Option(
                names = {"-S", "--slot"},
                paramLabel = "NAME",
                description = "the replication slot that is made for it on the primary")
        @Nullable
        String name;

        @Option(names = "--no-slot", description = "no slot: the primary may remove WAL that the standby still needs")
        boolean none;
    }

    @Option(
            names = "--from-repository",
            description = "take the files from the newest backup in the repository instead of the primary")
    boolean fromRepository;

    @Mixin
    final TablespaceOption tablespaces = new TablespaceOption();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "a setting of the standby, for example port=5433; may be repeated")
    Map<String, String> settings = new TreeMap<>();

    @Option(
            names = "--bindir",
            paramLabel = "DIR",
            description = "the server's programs (default: where packages put them, then PATH)")
    @Nullable
    Path bindir;

    @Option(names = "--no-start", description = "leave the start of the server to you")
    boolean noStart;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "how long to wait until it streams (default: 60s)")
    String wait = "60s";

    @Option(
            names = "--checkpoint",
            paramLabel = "fast|spread",
            defaultValue = "fast",
            description = "how the primary makes the checkpoint that the base backup begins with (default: fast)")
    String checkpoint = "fast";

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            description = "how much the primary sends a second, for example 50MiB (default: no limit)")
    @Nullable
    String rate;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "with --from-repository: how many threads write (default: one a core, two at least)")
    @Nullable
    Integer jobs;

    int jobs(PgarkCommand pgark) {
        return jobs == null ? BackupRequest.defaultJobs() : pgark.atLeastOne("--jobs", jobs);
    }

    @Override
    public Integer call() throws Exception {
        return new StandbyCreateRun(standby.pgark, this).run().number();
    }
}

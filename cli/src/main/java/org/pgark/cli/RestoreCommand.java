package org.pgark.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.output.Output;
import org.pgark.physical.recovery.TargetTime;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark restore}: brings a cluster back, to any instant of its recovery window. */
@Command(
        name = "restore",
        description = "Restore a cluster to an instant of its recovery window.",
        footer = {
            "",
            "Without a target, recovery goes to the end of the archive. --time without a zone is local time.",
            "Exit code 4 if the target cannot be reached or the directory may not be touched; nothing is written then."
        })
final class RestoreCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "the cluster; not needed where only one is configured")
    @Nullable
    String cluster;

    @Mixin
    final RepoOption repository = new RepoOption();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "the data directory to write, or the folder for --relation")
    Path to = Path.of(".");

    @Option(
            names = "--backup",
            paramLabel = "ID",
            description = "the backup to begin with, or \"latest\" (default: the best for the target)")
    @Nullable
    String backup;

    @ArgGroup(exclusive = true)
    TargetOptions target = new TargetOptions();

    /** Where to stop; at most one of them. */
    static final class TargetOptions {
        @Option(
                names = "--time",
                paramLabel = "T",
                description = "the last instant whose commits are wanted, like \"2026-11-22 10:42:00\"")
        @Nullable
        String time;

        @Option(names = "--lsn", paramLabel = "L", description = "stop at this LSN")
        @Nullable
        String lsn;

        @Option(names = "--xid", paramLabel = "X", description = "stop at the end of this transaction")
        @Nullable
        String xid;

        @Option(names = "--name", paramLabel = "N", description = "stop at this restore point")
        @Nullable
        String name;

        @Option(names = "--immediate", description = "stop as soon as the backup is consistent")
        boolean immediate;

        @Option(names = "--latest", description = "go to the end of the archive (the default)")
        boolean latest;
    }

    @Option(names = "--exclusive", description = "leave out what lies exactly at the target")
    boolean exclusive;

    @Option(
            names = "--timeline",
            paramLabel = "TLI|latest|current",
            defaultValue = "latest",
            description = "along which timeline (default: latest)")
    String timeline = "latest";

    @Option(
            names = "--target-action",
            paramLabel = "pause|promote|shutdown",
            description = "what the server does at the target (default: promote)")
    @Nullable
    String targetAction;

    @Mixin
    final TablespaceOption tablespaces = new TablespaceOption();

    @Option(
            names = "--config-to",
            paramLabel = "DIR",
            description = "where configuration files go that were outside the data directory")
    @Nullable
    Path configTo;

    @Option(
            names = "--archive-mode",
            paramLabel = "off|preserve",
            description = "archiving in the restored cluster (default: off where --to is not the configured pgdata)")
    @Nullable
    String archiveMode;

    @Option(
            names = "--relation",
            paramLabel = "DB.SCHEMA.NAME",
            description = "fetch only the files of this relation; may be repeated")
    List<String> relations = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "how many threads write (default: one a core, two at least)")
    @Nullable
    Integer jobs;

    @Option(names = "--delta", description = "keep what already has the right content, remove what does not belong")
    boolean delta;

    @Option(names = "--standby", description = "make a standby that stays in recovery")
    boolean standby;

    @Option(
            names = "--hold-wal",
            paramLabel = "TIME",
            defaultValue = "2d",
            description =
                    "how long the backup and all WAL since stay in the repository for recovery, whatever the rules of"
                            + " \"pgark expire\" say, like 12h or 7d; 0 for not at all (default: 2d)")
    String holdWal = "2d";

    @Option(names = "--dry-run", description = "print the plan and write nothing")
    boolean dryRun;

    @Option(names = "--force", description = "overwrite what is in the directory")
    boolean force;

    @Option(
            names = "--even-damaged",
            description = "with --force or --delta: also from a named backup in which damage was found")
    boolean evenDamaged;

    @Option(
            names = "--repo-as-of",
            paramLabel = "T",
            description =
                    "read the repository as it was at this instant, in a bucket that keeps versions; WAL is put into"
                            + " pg_wal")
    @Nullable
    String asOf;

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        if (asOf != null && standby) {
            throw pgark.usage("--repo-as-of and --standby exclude each other");
        }
        if (delta && force) {
            throw pgark.usage("--delta and --force exclude each other");
        }
        try (ClusterContext context =
                ClusterContext.of(pgark, java.util.Optional.ofNullable(cluster)).in(repository)) {
            if (asOf == null) {
                return new RestoreRun(pgark, this, context, output).run().number();
            }
            try (ClusterContext then = context.asOf(instant(asOf))) {
                return new RestoreRun(pgark, this, then, output).run().number();
            }
        }
    }

    private Instant instant(String text) {
        try {
            return TargetTime.parse(text, ZoneId.systemDefault()).instant();
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
    }
}

package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.ByteSize;
import org.pgark.cli.process.ProcessPriority;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.backup.CheckpointSpeed;
import org.pgark.physical.backup.WarmUp;
import org.pgark.repository.frame.Compression;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark backup}: a backup of a running cluster. */
@Command(
        name = "backup",
        description = {
            "Take a backup of a running primary or standby, on the host that it runs on or over its connection.",
            "It stores what the backup before does not have, and restores by itself whatever becomes of that one."
        },
        footer = {
            "",
            "With several repositories it is stored in the nearest that answers, and brought from there to the others;"
                    + " exit",
            "code 1 if it is not in all that are required.",
            "Exit code 3 if pages with wrong checksums were found, or pages that changed though nothing says so;",
            "the backup is kept and marked.",
            "Ctrl-C ends it cleanly; nothing of it is listed then."
        })
final class BackupCommand implements Callable<Integer> {
    private static final Pattern ONE_IN = Pattern.compile("1/([1-9][0-9]{0,8})");

    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Option(
            names = "--source",
            paramLabel = "auto|files|sql|replication",
            description = {
                "how the files are read: from the data directory on this host, by the server's functions over SQL,",
                "or as one stream over the replication protocol (default: auto, the first of them that can be)"
            })
    private BackupSource source = BackupSource.AUTO;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "how many threads read and compress (default: one a core, two at least)")
    private @Nullable Integer jobs;

    @Option(
            names = "--checkpoint",
            paramLabel = "fast|spread",
            description = "how hard the server works on the checkpoint at the start (default: fast)")
    private @Nullable CheckpointSpeed checkpoint;

    @Option(
            names = "--compression",
            paramLabel = "METHOD",
            description = "zstd, zstd:LEVEL, lz4 or none (default: zstd)")
    private @Nullable String compression;

    @Option(
            names = "--full",
            description = "share nothing with earlier backups, so that damage of what they stored does no harm")
    private boolean full;

    @Option(names = "--read-all", description = "read every page, whatever WAL says of changes since the backup before")
    private boolean readAll;

    @Option(
            names = "--recheck",
            paramLabel = "SHARE",
            description = "how much of what did not change is read again all the same, in turn: 1/N, all or none"
                    + " (default: 1/30)")
    private @Nullable String recheck;

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            description = "read no more than this in a second, for example 50MiB (default: no limit)")
    private @Nullable String rate;

    @Option(
            names = "--nice",
            paramLabel = "N",
            description = "step back for others by this nice value, 0 to 19 (default: 0)")
    private @Nullable Integer nice;

    @Option(names = "--note", paramLabel = "TEXT", description = "a remark that is shown with the backup")
    private String note = "";

    @Option(
            names = "--label",
            paramLabel = "K=V",
            description = "a label that is shown with the backup; may be repeated")
    private Map<String, String> labels = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        try (ClusterContext context = ClusterContext.of(pgark, cluster.name()).in(repository)) {
            context.becomeOwner();
            stepBack(nice == null ? context.backupNice() : nice);
            WarmUp.begin();
            return new BackupRun(context, source, this::request, pgark.output())
                    .run()
                    .number();
        }
    }

    private void stepBack(int value) throws IOException {
        if (value < 0 || value > 19) {
            throw pgark.usage("invalid value \"" + value + "\" of --nice, must be 0 to 19");
        }
        if (value > 0) {
            ProcessPriority.lower(value);
        }
    }

    private BackupRequest request(ClusterContext context, Path dataDirectory) {
        BackupRequest request =
                context.backupRequest(dataDirectory).withLabels(labels).withNote(note);
        if (jobs != null) {
            request = request.withJobs(pgark.atLeastOne("--jobs", jobs));
        }
        if (checkpoint != null) {
            request = request.withCheckpoint(checkpoint);
        }
        if (compression != null) {
            try {
                request = request.withCompression(Compression.parse(compression));
            } catch (IllegalArgumentException e) {
                throw pgark.usage(String.valueOf(e.getMessage()));
            }
        }
        if (rate != null) {
            try {
                request = request.withRate(ByteSize.parse(rate).bytes());
            } catch (IllegalArgumentException e) {
                throw pgark.usage(String.valueOf(e.getMessage()));
            }
        }
        if (recheck != null) {
            request = request.withRecheck(recheck(recheck));
        }
        return request.withFull(full).withReadAll(readAll);
    }

    private int recheck(String share) {
        Matcher matcher = ONE_IN.matcher(share);
        if (matcher.matches()) {
            return Integer.parseInt(matcher.group(1));
        }
        return switch (share) {
            case "all" -> 1;
            case "none" -> 0;
            default ->
                throw pgark.usage("invalid value \"" + share + "\" of --recheck, must be 1/N, \"all\" or \"none\"");
        };
    }
}

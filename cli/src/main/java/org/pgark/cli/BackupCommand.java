package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.ByteSize;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.cli.process.ProcessPriority;
import org.pgark.physical.backup.Backup;
import org.pgark.physical.backup.BackupOutcome;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.backup.CheckpointSpeed;
import org.pgark.physical.backup.DamagedPage;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.frame.Compression;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark backup}: a backup of a running cluster, on its own host. */
@Command(
        name = "backup",
        description = {
            "Take a backup of a running primary or standby, on the host that it runs on.",
            "It stores what the backup before does not have, and restores by itself whatever becomes of that one."
        },
        footer = {
            "",
            "Exit code 3 if pages with wrong checksums were found, or pages that changed though nothing says so;",
            "the backup is kept and marked.",
            "Ctrl-C ends it cleanly; nothing of it is listed then."
        })
final class BackupCommand implements Callable<Integer> {
    /** Longer than any backup takes, so that nothing of one that still runs is cleared away. */
    private static final Duration LEFTOVERS_KEPT = Duration.ofDays(7);

    private static final Pattern ONE_IN = Pattern.compile("1/([1-9][0-9]{0,8})");

    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

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
        Output output = pgark.output();
        try (ClusterContext context = ClusterContext.of(pgark, cluster.name())) {
            context.becomeOwner();
            stepBack(nice == null ? context.backupNice() : nice);
            BackupRequest request = request(context);
            context.repository().removeLeftovers(LEFTOVERS_KEPT);
            BackupOutcome outcome;
            try (Interruption interruption = Interruption.ofThisThread();
                    ServerSession session = context.connect();
                    Progress progress = Progress.on(output)) {
                progress.listener()
                        .notice("backing up cluster " + context.name() + " with "
                                + Words.count(request.jobs(), "job") + ", a "
                                + request.checkpoint().name().toLowerCase(Locale.ROOT) + " checkpoint, compression "
                                + request.compression());
                outcome = new Backup(
                                request, context.newestIncarnation(), session, progress.listener(), new SecureRandom())
                        .run();
                interruption.tooLate();
            }
            print(context.name(), outcome, output);
            boolean sound = outcome.record().size().damagedPages() == 0
                    && outcome.statistics().unexplainedPages() == 0;
            return (sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND).number();
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

    private BackupRequest request(ClusterContext context) throws IOException {
        BackupRequest request = context.backupRequest().withLabels(labels).withNote(note);
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

    private static void print(String cluster, BackupOutcome outcome, Output output) {
        BackupRecord backup = outcome.record();
        output.line(backup.kind().word() + " backup " + backup.id() + " of cluster " + cluster + ": "
                + Words.count(backup.size().files(), "file") + ", "
                + Words.size(backup.size().rawBytes()) + ", stored "
                + Words.size(backup.size().storedBytes())
                + ", WAL " + backup.wal().first() + " to " + backup.wal().last() + ", "
                + Words.span(Duration.between(backup.startTime(), backup.stopTime())));
        if (!outcome.damagedPages().isEmpty()) {
            output.line("DAMAGE FOUND: " + Words.count(backup.size().damagedPages(), "page")
                    + " with a wrong checksum; the backup is kept and marked");
            outcome.damagedPages().forEach(page -> output.line("  " + page));
        }
        long unexplained = outcome.statistics().unexplainedPages();
        if (unexplained > 0) {
            output.line("DAMAGE FOUND: " + Words.count(unexplained, "page")
                    + " changed though WAL says nothing of it; stored as they are now, see the warnings");
        }
        ObjectNode json = BackupLines.json(backup).put("cluster", cluster).put("unexplained_pages", unexplained);
        ArrayNode damaged = json.putArray("damaged");
        for (DamagedPage page : outcome.damagedPages()) {
            ObjectNode line = damaged.addObject()
                    .put("path", page.path())
                    .put("block", page.block())
                    .put("lsn", page.lsn().toString());
            page.relation().ifPresent(name -> line.put("relation", name));
        }
        output.result(json);
    }
}

package org.pgark.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.recovery.TargetTime;
import org.pgark.repository.care.Hold;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark pin}: keeps a backup whatever the rules say. */
@Command(
        name = "pin",
        description = "Keep a backup, and all WAL since, whatever the rules of \"pgark expire\" say.",
        footer = {"", "A pin takes the place of an earlier one of the same backup. \"pgark unpin\" takes it off."})
final class PinCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Parameters(
            index = "0",
            paramLabel = "BACKUP",
            description = "the backup's id, any unambiguous beginning of it, or \"latest\"")
    private String id = "";

    @Option(
            names = "--until",
            paramLabel = "DATE",
            description = "how long, for example 2027-12-31; without it for ever")
    private @Nullable String until;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who see it in lists")
    private String reason = "";

    @Option(
            names = "--archival",
            description = "keep just the WAL that makes it consistent; no rule counts the backup any more")
    private boolean archival;

    @Override
    public Integer call() throws Exception {
        Hold hold = new Hold(end(), reason, archival);
        Output output = pgark.output();
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            List<Clusters.Found> everywhere = opened.findEverywhere(cluster.name(), id);
            Clusters.Found found = everywhere.getFirst();
            for (Clusters.Found one : everywhere) {
                one.repository().hold(one.backup().id(), hold);
            }
            output.line("backup " + found.backup().id() + " of cluster " + found.cluster() + " is "
                    + (archival ? "archival" : "pinned")
                    + hold.until().map(time -> " until " + Words.instant(time)).orElse(""));
            ObjectNode json = Output.object()
                    .put("cluster", found.cluster())
                    .put("id", found.backup().id().toString())
                    .put("archival", archival)
                    .put("reason", reason);
            hold.until().ifPresent(time -> json.put("until", time.toString()));
            output.result(json);
            return (opened.tellUnreachable(output) ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    /** A day alone is meant with all its hours. */
    private Optional<Instant> end() {
        if (until == null) {
            return Optional.empty();
        }
        try {
            String text = until.matches("\\d{4}-\\d{2}-\\d{2}") ? until + " 23:59:59" : until;
            return Optional.of(TargetTime.parse(text, ZoneId.systemDefault()).instant());
        } catch (IllegalArgumentException e) {
            throw pgark.usage("invalid value \"" + until + "\" of --until, must be like \"2027-12-31\"");
        }
    }
}

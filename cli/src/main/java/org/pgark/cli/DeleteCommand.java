package org.pgark.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.care.Replay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark delete}: takes a backup out of the catalogue. */
@Command(
        name = "delete",
        description = "Delete a backup. No other one needs it; \"pgark collect\" frees its space.",
        footer = {"", "Exit code 4 if there would be no recovery window any more."})
final class DeleteCommand implements Callable<Integer> {
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
            names = "--force",
            description =
                    "delete it even if it is pinned, was restored just now, or there is no recovery window without it")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            List<Clusters.Found> everywhere = opened.findEverywhere(cluster.name(), id);
            for (Clusters.Found found : everywhere) {
                if (!force) {
                    refuseHarm(found);
                }
            }
            for (Clusters.Found found : everywhere) {
                found.repository().delete(found.backup().id());
            }
            Clusters.Found nearest = everywhere.getFirst();
            print(nearest, windowsWithout(nearest), output);
            if (opened.isInSeveral(nearest.cluster())) {
                output.line("  deleted in these repositories: "
                        + everywhere.stream().map(Clusters.Found::place).collect(Collectors.joining(", ")));
            }
            return (opened.tellUnreachable(output) ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    private static void refuseHarm(Clusters.Found found) throws Exception {
        if (windowsWithout(found).isEmpty() && hasWindow(found)) {
            // Nor has one of which nothing is there any more.
            found.repository().checkPresence();
            throw new RefusedException(
                    "only_backup",
                    "without backup \"" + found.backup().id() + "\" cluster \"" + found.cluster()
                            + "\" has no recovery window from a sound backup",
                    "Take another backup first, or delete this one with --force.");
        }
        if (found.repository().care().holds().containsKey(found.backup().id().value())) {
            throw new RefusedException(
                    "pinned",
                    "backup \"" + found.backup().id() + "\" is pinned",
                    "Take the pin off with \"pgark unpin\", or delete it with --force.");
        }
        Optional<Replay> replay = Optional.ofNullable(found.repository()
                        .care()
                        .replays()
                        .get(found.backup().id().value()))
                .filter(one -> one.until().isAfter(Instant.now()));
        if (replay.isPresent()) {
            throw new RefusedException(
                    "being_recovered",
                    "backup \"" + found.backup().id() + "\" was " + replay.get().describe(),
                    "If that server has recovered, \"pgark unpin\" says so; or delete it with --force.");
        }
    }

    /** A damaged one counts here: it may be all that is left. */
    private static boolean hasWindow(Clusters.Found found) throws Exception {
        return found.backup().damageIn(found.repository().care()).isPresent()
                || !Clusters.windows(
                                found.cluster(),
                                found.repository(),
                                found.repository().backups())
                        .isEmpty();
    }

    private static List<RecoveryWindow> windowsWithout(Clusters.Found found) throws Exception {
        List<BackupRecord> others = found.repository().backups().stream()
                .filter(backup -> !backup.id().equals(found.backup().id()))
                .toList();
        return Clusters.windows(found.cluster(), found.repository(), others);
    }

    private static void print(Clusters.Found found, List<RecoveryWindow> left, Output output) {
        output.line("deleted backup " + found.backup().id() + " of cluster " + found.cluster() + ", which had stored "
                + Words.size(found.backup().size().storedBytes()));
        output.line("  \"pgark collect\" frees what no other backup needs of it");
        ObjectNode json = Output.object()
                .put("cluster", found.cluster())
                .put("id", found.backup().id().toString())
                .put("stored_size", found.backup().size().storedBytes());
        ArrayNode windows = json.putArray("windows");
        for (RecoveryWindow window : left) {
            output.line("  recovery window: " + window.describe(ZoneId.systemDefault()));
            windows.add(ListCommand.json(found.repository().incarnation(), window));
        }
        if (left.isEmpty()) {
            output.line("  no recovery window");
        }
        output.result(json);
    }
}

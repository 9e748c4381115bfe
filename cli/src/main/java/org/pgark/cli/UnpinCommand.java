package org.pgark.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark unpin}: leaves a backup to the rules again. */
@Command(
        name = "unpin",
        description = "Leave a backup that was pinned, or restored just now, to the rules of \"pgark expire\" again.")
final class UnpinCommand implements Callable<Integer> {
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

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        try (Clusters opened = Clusters.of(pgark.configuration(), repository)) {
            List<Clusters.Found> everywhere = opened.findEverywhere(cluster.name(), id);
            Clusters.Found found = everywhere.getFirst();
            boolean pinned = false;
            for (Clusters.Found one : everywhere) {
                pinned |= one.repository().release(one.backup().id());
            }
            output.line("backup " + found.backup().id() + " of cluster " + found.cluster()
                    + (pinned ? " is not pinned any more" : " was not pinned"));
            output.result(Output.object()
                    .put("cluster", found.cluster())
                    .put("id", found.backup().id().toString())
                    .put("was_pinned", pinned));
            return (opened.tellUnreachable(output) ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }
}

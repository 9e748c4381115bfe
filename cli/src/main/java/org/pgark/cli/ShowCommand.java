package org.pgark.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pgark.cli.output.Output;
import org.pgark.repository.BackupRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark show}: everything about one backup. */
@Command(name = "show", description = "Show everything about one backup.")
final class ShowCommand implements Callable<Integer> {
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
            BackupRecord backup = found.backup();
            for (Map.Entry<String, String> line : BackupLines.text(backup)) {
                output.line(String.format(java.util.Locale.ROOT, "%-18s %s", line.getKey(), line.getValue()));
            }
            ObjectNode json = BackupLines.json(backup).put("cluster", found.cluster());
            if (opened.isInSeveral(found.cluster())) {
                String places = everywhere.stream().map(Clusters.Found::place).collect(Collectors.joining(", "));
                output.line(String.format(java.util.Locale.ROOT, "%-18s %s", "repositories", places));
                ArrayNode names = json.putArray("repositories");
                everywhere.forEach(one -> names.add(one.place()));
            }
            output.result(json);
            opened.tellUnreachable(output);
        }
        return ExitCode.DONE.number();
    }
}

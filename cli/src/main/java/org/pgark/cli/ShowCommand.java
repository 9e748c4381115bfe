package org.pgark.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.repository.BackupRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark show}: everything about one backup. */
@Command(name = "show", description = "Show everything about one backup.")
final class ShowCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Parameters(
            index = "0",
            paramLabel = "BACKUP",
            description = "the backup's id, any unambiguous beginning of it, or \"latest\"")
    private String id = "";

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        try (Clusters opened = Clusters.of(pgark.configuration())) {
            Clusters.Found found = opened.find(cluster.name(), id);
            BackupRecord backup = found.backup();
            for (Map.Entry<String, String> line : BackupLines.text(backup)) {
                output.line(String.format(java.util.Locale.ROOT, "%-18s %s", line.getKey(), line.getValue()));
            }
            output.result(BackupLines.json(backup).put("cluster", found.cluster()));
        }
        return ExitCode.DONE.number();
    }
}

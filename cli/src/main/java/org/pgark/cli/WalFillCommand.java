package org.pgark.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark wal fill}: brings WAL to the repositories of a cluster that lack it. */
@Command(
        name = "fill",
        description = "Bring WAL to those repositories of a cluster that lack it, from those that have it.",
        footer = {
            "",
            "The archive worker does so by itself on a host whose server archives. May be killed and started again at"
                    + " any",
            "time. Exit code 1 if a repository could not be reached, or lacks something still."
        })
final class WalFillCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Override
    public Integer call() throws Exception {
        Output output = wal.pgark.output();
        ObjectNode document = Output.object();
        ArrayNode repositories = document.putArray("repositories");
        boolean complete = true;
        try (Clusters opened = Clusters.of(wal.pgark.configuration(), new RepoOption())) {
            for (String name : opened.names(cluster.name())) {
                wal.pgark.configuration().cluster(java.util.Optional.of(name)).in(repository.name());
                List<Clusters.Opened> places = opened.repositories(name);
                WalFilling filling = new WalFilling(name, places);
                for (Clusters.Opened place : places) {
                    if (repository
                            .name()
                            .filter(wanted -> !wanted.equals(place.name()))
                            .isPresent()) {
                        continue;
                    }
                    try {
                        WalFilling.Sum sum = filling.fill(place, output);
                        complete &= sum.left() == 0;
                        output.line("cluster " + name + ", repository " + place.name()
                                + (sum.left() == 0
                                        ? ": has all WAL that the others have"
                                        : ": lacks " + Words.count(sum.left(), "WAL file")
                                                + " that cannot be brought"));
                        repositories
                                .addObject()
                                .put("cluster", name)
                                .put("repository", place.name())
                                .put("brought", sum.brought())
                                .put("left", sum.left());
                    } catch (IOException e) {
                        opened.noteUnreachable(place.name(), e);
                    }
                }
            }
            complete &= opened.tellUnreachable(output);
        }
        output.result(document);
        return (complete ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}

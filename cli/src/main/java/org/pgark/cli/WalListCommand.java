package org.pgark.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Table;
import org.pgark.cli.output.Words;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark wal list}: what the archive holds, as runs of segments without a gap. */
@Command(name = "list", description = "List the archived WAL, as runs without a gap.")
final class WalListCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repository = new RepoOption();

    @Option(names = "--files", description = "list every file")
    private boolean files;

    @Override
    public Integer call() throws Exception {
        Output output = wal.pgark.output();
        ObjectNode document = Output.object();
        ArrayNode clusters = document.putArray("clusters");
        boolean complete;
        try (Clusters opened = Clusters.of(wal.pgark.configuration(), repository)) {
            for (String name : opened.names(cluster.name())) {
                for (Clusters.Opened place : opened.repositories(name)) {
                    String where = opened.isInSeveral(name) ? " in repository " + place.name() : "";
                    for (Incarnation incarnation :
                            place.repository().cluster(name).incarnations()) {
                        ObjectNode json = clusters.addObject()
                                .put("name", name)
                                .put("repository", place.name())
                                .put(
                                        "system_identifier",
                                        incarnation.systemIdentifier().toString());
                        output.line(
                                "cluster " + name + where + ", system identifier " + incarnation.systemIdentifier());
                        WalArchive archive =
                                place.repository().open(incarnation).walArchive();
                        describe(archive, incarnation.segmentSize(), output, json);
                    }
                }
            }
            complete = opened.tellUnreachable(output);
        }
        output.result(document);
        return (complete ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private void describe(WalArchive archive, WalSegmentSize size, Output output, ObjectNode json) throws IOException {
        Table table = new Table("timeline", "first", "last", ">segments", ">stored");
        ArrayNode runs = json.putArray("runs");
        ArrayNode others = json.putArray("other_files");
        ArrayNode names = files ? json.putArray("files") : json.arrayNode();
        for (Timeline timeline : archive.timelines()) {
            List<ArchivedFile> archived = archive.list(timeline);
            for (WalRun run : WalRun.of(archived, size)) {
                table.row(
                        timeline.toString(),
                        run.first().toString(),
                        run.last().toString(),
                        Long.toString(run.segments()),
                        Words.size(run.storedBytes()));
                runs.addObject()
                        .put("timeline", timeline.id())
                        .put("first", run.first().toString())
                        .put("last", run.last().toString())
                        .put("segments", run.segments())
                        .put("stored_size", run.storedBytes());
            }
            for (ArchivedFile file : archived) {
                if (!(file.name() instanceof WalFileName.Segment)) {
                    others.add(file.name().toString());
                }
                if (files) {
                    names.addObject().put("name", file.name().toString()).put("stored_size", file.storedBytes());
                    output.line("  " + file.name() + "  " + Words.size(file.storedBytes()));
                }
            }
        }
        if (!files) {
            table.lines().forEach(output::line);
        }
    }

    /**
     * Segments of one timeline without a gap.
     *
     * @param first the first one
     * @param last the last one
     * @param segments how many
     * @param storedBytes their size in the repository
     */
    record WalRun(WalSegmentName first, WalSegmentName last, long segments, long storedBytes) {
        static List<WalRun> of(List<ArchivedFile> files, WalSegmentSize size) {
            java.util.ArrayList<WalRun> runs = new java.util.ArrayList<>();
            for (ArchivedFile file : files) {
                if (file.name() instanceof WalFileName.Segment(WalSegmentName name)) {
                    if (!runs.isEmpty() && runs.getLast().last().next(size).equals(name)) {
                        WalRun run = runs.removeLast();
                        runs.add(new WalRun(
                                run.first(), name, run.segments() + 1, run.storedBytes() + file.storedBytes()));
                    } else {
                        runs.add(new WalRun(name, name, 1, file.storedBytes()));
                    }
                }
            }
            return runs;
        }
    }
}

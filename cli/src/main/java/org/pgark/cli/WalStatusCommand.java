package org.pgark.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Table;
import org.pgark.cli.output.Words;
import org.pgark.physical.several.Backlog;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark wal status}: how far archiving is, in each repository. */
@Command(
        name = "status",
        description = "Show how much WAL waits to be archived, and what each repository lacks of what others have.",
        footer = {"", "Exit code 1 if a repository cannot be reached or lacks WAL, or archive.max-backlog is reached."})
final class WalStatusCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Override
    public Integer call() throws Exception {
        Output output = wal.pgark.output();
        Configuration configuration = wal.pgark.configuration();
        ObjectNode document = Output.object();
        ArrayNode clusters = document.putArray("clusters");
        boolean complete = true;
        try (Clusters opened = Clusters.of(configuration, new RepoOption())) {
            for (String name : opened.names(cluster.name())) {
                ClusterConfiguration settings = configuration.cluster(Optional.of(name));
                ObjectNode json = clusters.addObject().put("name", name);
                BacklogReport report =
                        BacklogReport.of(settings, configuration.archive().backlog());
                complete &= waiting(settings, report, output, json);
                complete &= repositories(settings, opened, output, json);
            }
            complete &= opened.tellUnreachable(output);
        }
        output.result(document);
        return (complete ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private static boolean waiting(
            ClusterConfiguration settings, BacklogReport report, Output output, ObjectNode json) {
        output.line("cluster " + settings.name()
                + report.waitingInWords().map(words -> ": " + words).orElse("")
                + (settings.hasSeveralRepositories() ? ", required: " + settings.requirement() : ""));
        json.put("require", settings.requirement().toString());
        report.print(output, json);
        return !report.isLimitReached();
    }

    private static boolean repositories(ClusterConfiguration settings, Clusters opened, Output output, ObjectNode json)
            throws Exception {
        ArrayNode repositories = json.putArray("repositories");
        Table table = new Table("repository", "newest segment", ">lacks", "state");
        List<Clusters.Opened> places = reached(settings, opened);
        WalFilling filling = new WalFilling(settings.name(), places);
        boolean complete = true;
        for (RepositoryConfiguration repository : settings.repositories()) {
            ObjectNode one = repositories.addObject().put("name", repository.name());
            Optional<Clusters.Opened> place = places.stream()
                    .filter(other -> other.name().equals(repository.name()))
                    .findFirst();
            if (place.isEmpty()) {
                table.row(repository.name(), "", "", "cannot be reached");
                one.put("reachable", false);
                complete = false;
                continue;
            }
            try {
                complete &= describe(settings.name(), place.get(), filling, table, one);
            } catch (IOException e) {
                table.row(repository.name(), "", "", "cannot be read");
                one.put("reachable", false);
                opened.noteUnreachable(repository.name(), e);
            }
        }
        table.lines().forEach(line -> output.line("  " + line.strip()));
        return complete;
    }

    /** Those that answer; that of a cluster's only repository is a fault that is told like that of one of several. */
    private static List<Clusters.Opened> reached(ClusterConfiguration settings, Clusters opened) throws Exception {
        try {
            return opened.repositories(settings.name());
        } catch (IOException e) {
            for (RepositoryConfiguration repository : settings.repositories()) {
                opened.noteUnreachable(repository.name(), e);
            }
            return List.of();
        }
    }

    private static boolean describe(
            String cluster, Clusters.Opened place, WalFilling filling, Table table, ObjectNode json)
            throws IOException {
        Optional<Incarnation> newest = place.repository().cluster(cluster).newest();
        if (newest.isEmpty()) {
            table.row(place.name(), "", "", "cluster is not registered there: run \"pgark init\"");
            json.put("reachable", true).put("registered", false);
            return false;
        }
        long segments = 0;
        long files = 0;
        String first = "";
        for (WalFilling.Lack lack : filling.lacks(place)) {
            Backlog backlog = lack.backlog();
            segments += backlog.segments();
            files += backlog.missing().size();
            if (first.isEmpty() && !backlog.isEmpty()) {
                first = backlog.missing().getFirst().name().toString();
            }
        }
        String last = newestSegment(place.repository().open(newest.get()));
        table.row(
                place.name(),
                last,
                Words.count(segments, "segment"),
                files == 0 ? "complete" : "BEHIND, from " + first + " on");
        json.put("reachable", true)
                .put("registered", true)
                .put("newest_segment", last)
                .put("missing_segments", segments)
                .put("missing_files", files);
        if (!first.isEmpty()) {
            json.put("first_missing", first);
        }
        return files == 0;
    }

    private static String newestSegment(ClusterRepository repository) throws IOException {
        List<Timeline> timelines = repository.walArchive().timelines();
        for (Timeline timeline : timelines.reversed()) {
            List<ArchivedFile> files = repository.walArchive().list(timeline);
            for (ArchivedFile file : files.reversed()) {
                if (file.name() instanceof WalFileName.Segment) {
                    return file.name().toString();
                }
            }
        }
        return "";
    }
}

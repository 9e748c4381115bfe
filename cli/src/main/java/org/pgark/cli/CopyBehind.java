package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.RepositoryId;
import org.pgark.repository.log.LogMemoryFile;
import org.pgark.repository.log.SeenEntry;

/**
 * Tells of a copy of a repository that lacks the end of a log which this user's commands have seen in another place: whoever
 * restores from it, or goes on with it in the place of the lost one, should know.
 */
final class CopyBehind {
    private CopyBehind() {}

    /**
     * The warning, if there is one to give.
     *
     * @param settings of the place
     * @param id whose repository it is
     */
    static Optional<String> warning(RepositoryConfiguration settings, RepositoryId id, ClusterRepository cluster)
            throws IOException {
        return warning(
                settings,
                id,
                cluster,
                System.getenv(),
                ConnectionEnvironment.current().home());
    }

    private static Optional<String> warning(
            RepositoryConfiguration settings,
            RepositoryId id,
            ClusterRepository cluster,
            Map<String, String> environment,
            Path home)
            throws IOException {
        Path own = SeenLogs.folder(settings, environment, home);
        Path log = Path.of(id.value(), cluster.incarnation().id().value());
        long last = cluster.lastEntry();
        long furthest = last;
        Instant seen = Instant.MIN;
        for (Path place : places(own)) {
            Path file = place.resolve(log);
            Optional<SeenEntry> entry = new LogMemoryFile(file).recall();
            if (!place.equals(own) && entry.isPresent() && entry.get().number() > furthest) {
                furthest = entry.get().number();
                seen = Files.getLastModifiedTime(file).toInstant();
            }
        }
        return furthest == last
                ? Optional.empty()
                : Optional.of(
                        "repository \"" + settings.name() + "\" (" + settings.url() + ") is behind: it has " + last
                                + " entries of the log of cluster \""
                                + cluster.incarnation().name()
                                + "\", another place of the same repository had " + furthest + " at "
                                + seen.truncatedTo(ChronoUnit.SECONDS)
                                + ". Backups and whatever else came since are not here; \"pgark copy --all\" brings them if that"
                                + " place can still be read.");
    }

    private static Iterable<Path> places(Path own) throws IOException {
        Path heads = own.resolveSibling("");
        if (!Files.isDirectory(heads)) {
            return List.of();
        }
        try (Stream<Path> places = Files.list(heads)) {
            return places.toList();
        }
    }
}

package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.several.ArchivePlaces;
import org.pgark.physical.several.Requirement;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.repository.Repository;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;

/** The archive worker as a program: what {@code pgark wal worker} does, but for the configuration. */
final class WorkerMain {
    private WorkerMain() {}

    /**
     * Arguments: the data directory, the repositories' URLs with commas between them, after how many seconds without work
     * it ends, and which repositories are required.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> urls = List.of(arguments[1].split(","));
        List<ArchivePlaces.Place> places = new ArrayList<>();
        for (String url : urls) {
            String name = url.substring(url.lastIndexOf('/') + 1);
            places.add(new ArchivePlaces.Place(name, () -> open(url)));
        }
        WorkerSettings usual = WorkerSettings.usual(
                "main",
                Path.of(arguments[0]),
                Path.of("").toAbsolutePath(),
                SpoolRoot.find(System.getenv(), Path.of(System.getProperty("user.home"))),
                ArchivePlaces.Source.of(new ArchivePlaces(
                        places, Requirement.parse(arguments.length > 3 ? arguments[3] : "all"), limit())));
        ArchiveWorker.run(usual.idlingFor(Duration.ofSeconds(Long.parseLong(arguments[2]))));
    }

    /** Bytes and an action, from the environment. */
    private static BacklogLimit limit() {
        String said = System.getenv("PGARK_TEST_MAX_BACKLOG");
        if (said == null) {
            return BacklogLimit.NONE;
        }
        int space = said.indexOf(' ');
        return new BacklogLimit(
                Long.parseLong(said.substring(0, space)),
                Duration.ZERO,
                BacklogLimit.Action.parse(said.substring(space + 1)));
    }

    private static Repository open(String url) throws IOException {
        return Repository.open(
                ObjectStores.open(RepositoryUrl.parse(url)),
                Optional.empty(),
                InstantSource.system(),
                new SecureRandom());
    }
}

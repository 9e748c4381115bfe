package org.pgark.agent;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.repository.Repository;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;

/** The archive worker as a program: what {@code pgark wal worker} does, but for the configuration. */
final class WorkerMain {
    private WorkerMain() {}

    /** Arguments: the data directory, the repository's URL, and after how many seconds without work it ends. */
    public static void main(String[] arguments) throws Exception {
        WorkerSettings usual = WorkerSettings.usual(
                "main",
                Path.of(arguments[0]),
                Path.of("").toAbsolutePath(),
                SpoolRoot.find(System.getenv(), Path.of(System.getProperty("user.home"))),
                () -> Repository.open(
                        ObjectStores.open(RepositoryUrl.parse(arguments[1])),
                        Optional.empty(),
                        InstantSource.system(),
                        new SecureRandom()));
        ArchiveWorker.run(usual.idlingFor(Duration.ofSeconds(Long.parseLong(arguments[2]))));
    }
}

package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.control.ClusterState;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.datadir.PostmasterPid;

/**
 * Tells whether the connection leads to the server that runs in the data directory.
 *
 * <p>A standby's directory has the path and the system identifier of its primary; when its server started, and whether
 * it is in recovery, tells them apart.
 */
final class LocalServer {
    private static final String CODE = "other_server";

    /** Between the process's start, which postmaster.pid holds in whole seconds, and what the server calls its start. */
    private static final Duration LONGEST_START = Duration.ofSeconds(5);

    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private final Path dataDirectory;
    private final Instant startTime;
    private final ClusterState state;

    /**
     * Compares nothing yet.
     *
     * @param startTime pg_postmaster_start_time() of the connection
     * @param inRecovery pg_is_in_recovery() of the connection
     */
    LocalServer(Path dataDirectory, Instant startTime, boolean inRecovery) {
        this.dataDirectory = dataDirectory;
        this.startTime = startTime;
        this.state = inRecovery ? ClusterState.IN_ARCHIVE_RECOVERY : ClusterState.IN_PRODUCTION;
    }

    /** Before the backup: refuses a connection to another server. */
    void require(ControlFile control) throws RefusedException, FailedException, IOException {
        Optional<String> difference = difference(control);
        if (difference.isPresent()) {
            throw new RefusedException(
                    CODE,
                    message(difference.get()),
                    "Run the backup on the server's own host, and connect through the Unix socket or to localhost.");
        }
    }

    /** At the backup's end: fails if the server in the data directory is another one by now. */
    void requireStill(ControlFile control) throws FailedException, IOException {
        Optional<String> difference = difference(control);
        if (difference.isPresent()) {
            throw new FailedException(
                    CODE,
                    message(difference.get()),
                    "Nothing was kept of this backup. Start it again when the server runs in its data directory.");
        }
    }

    private static String message(String difference) {
        return "the connection does not lead to the server of the data directory: " + difference;
    }

    private Optional<String> difference(ControlFile control) throws FailedException, IOException {
        Optional<PostmasterPid> written = written();
        if (written.isEmpty() || !written.get().isRunning(dataDirectory)) {
            return Optional.of("no server runs in \"" + dataDirectory + "\" on this host");
        }
        Instant local = written.get().startTime();
        if (local.isBefore(startTime.minus(LONGEST_START)) || local.isAfter(startTime.plus(ROUNDING))) {
            return Optional.of("the server in \"" + dataDirectory + "\" started at " + local
                    + ", but the connection's server at " + startTime);
        }
        if (control.state() != state) {
            return Optional.of("the server in \"" + dataDirectory + "\" is "
                    + control.state().description());
        }
        return Optional.empty();
    }

    private Optional<PostmasterPid> written() throws FailedException, IOException {
        try {
            return PostmasterPid.read(dataDirectory);
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure(PostmasterPid.FILE_NAME, e);
        }
    }
}

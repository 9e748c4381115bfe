package org.pgark.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.pgark.physical.several.ArchivePlaces;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.repository.frame.Compression;

/**
 * What an archive worker is to do.
 *
 * @param cluster the cluster's name
 * @param dataDirectory its configured data directory; WAL is archived from there only
 * @param startedIn the directory that the worker was started in: that of a front, or any other
 * @param spools where the spools are
 * @param repositories says in which repositories the cluster is kept
 * @param jobs how many files are pushed or fetched at once, 1 or more
 * @param compression of files that are pushed
 * @param idle after how long without work the worker ends
 * @param readAhead how many segments are fetched before they are asked for, 0 or more
 * @param readAheadBytes how much these may be together, in bytes
 * @param pushTimeout how long a front waits for a file to be archived
 * @param getTimeout how long a front tries to fetch a file
 * @param historyTimeout how long a front tries to fetch a timeline's history for a standby
 */
public record WorkerSettings(
        String cluster,
        Path dataDirectory,
        Path startedIn,
        SpoolRoot spools,
        ArchivePlaces.Source repositories,
        int jobs,
        Compression compression,
        Duration idle,
        int readAhead,
        long readAheadBytes,
        Duration pushTimeout,
        Duration getTimeout,
        Duration historyTimeout) {
    /** How long a worker stays without work. */
    public static final Duration DEFAULT_IDLE = Duration.ofMinutes(5);

    /** How many segments are fetched ahead. */
    public static final int DEFAULT_READ_AHEAD = 8;

    /** How much is fetched ahead, in bytes. */
    public static final long DEFAULT_READ_AHEAD_BYTES = 256L << 20;

    /** How long a front waits for a file to be archived. */
    public static final Duration DEFAULT_PUSH_TIMEOUT = Duration.ofSeconds(60);

    /** How long a front tries to fetch a file. */
    public static final Duration DEFAULT_GET_TIMEOUT = Duration.ofSeconds(60);

    /** How long a front tries to fetch a timeline's history for a standby. */
    public static final Duration DEFAULT_HISTORY_TIMEOUT = Duration.ofMinutes(15);

    public WorkerSettings {
        Objects.requireNonNull(cluster, "cluster is null");
        Objects.requireNonNull(dataDirectory, "dataDirectory is null");
        Objects.requireNonNull(startedIn, "startedIn is null");
        Objects.requireNonNull(spools, "spools is null");
        Objects.requireNonNull(repositories, "repositories is null");
        Objects.requireNonNull(idle, "idle is null");
        Objects.requireNonNull(pushTimeout, "pushTimeout is null");
        Objects.requireNonNull(getTimeout, "getTimeout is null");
        Objects.requireNonNull(historyTimeout, "historyTimeout is null");
        if (jobs < 1) {
            throw new IllegalArgumentException("invalid number of jobs " + jobs + ", must be 1 or more");
        }
        if (readAhead < 0 || readAheadBytes < 0) {
            throw new IllegalArgumentException("invalid read-ahead " + readAhead + " segments of together "
                    + readAheadBytes + " bytes, must not be negative");
        }
    }

    /** With the usual durations and sizes, and as many jobs as there are processors, four at most. */
    public static WorkerSettings usual(
            String cluster, Path dataDirectory, Path startedIn, SpoolRoot spools, ArchivePlaces.Source repositories) {
        return new WorkerSettings(
                cluster,
                dataDirectory,
                startedIn,
                spools,
                repositories,
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4),
                Compression.DEFAULT,
                DEFAULT_IDLE,
                DEFAULT_READ_AHEAD,
                DEFAULT_READ_AHEAD_BYTES,
                DEFAULT_PUSH_TIMEOUT,
                DEFAULT_GET_TIMEOUT,
                DEFAULT_HISTORY_TIMEOUT);
    }

    /** The same with another time after which a worker without work ends. */
    public WorkerSettings idlingFor(Duration duration) {
        return new WorkerSettings(
                cluster,
                dataDirectory,
                startedIn,
                spools,
                repositories,
                jobs,
                compression,
                duration,
                readAhead,
                readAheadBytes,
                pushTimeout,
                getTimeout,
                historyTimeout);
    }
}

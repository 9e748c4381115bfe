package org.pgark.cli.configuration;

import org.pgark.physical.wal.BacklogLimit;

/**
 * How WAL is archived and fetched.
 *
 * @param pushTimeout how long a push waits for its segment to be in the repository
 * @param getTimeout how long a get goes on trying when the repository is out of reach
 * @param historyTimeout how long a standby goes on trying to fetch a timeline's history then
 * @param workerIdle how long the worker stays without work
 * @param readAhead how much WAL is fetched before it is asked for
 * @param jobs how many segments at the same time, 1 or more
 * @param walCompression {@code none}, {@code lz4}, {@code zstd} or {@code zstd:LEVEL}
 * @param backlog how much WAL may wait to be archived, and what happens then
 */
public record ArchiveConfiguration(
        TimeSpan pushTimeout,
        TimeSpan getTimeout,
        TimeSpan historyTimeout,
        TimeSpan workerIdle,
        ByteSize readAhead,
        int jobs,
        String walCompression,
        BacklogLimit backlog) {}

package org.pgark.cli.configuration;

/**
 * How backups are made.
 *
 * @param jobs how many threads, 1 or more
 * @param compression {@code none}, {@code lz4}, {@code zstd} or {@code zstd:LEVEL}
 * @param fastCheckpoint whether to begin with an immediate checkpoint
 * @param rate how much is read in a second at most; 0 for no limit
 * @param nice the nice value of its threads, 0 to 19
 */
public record BackupConfiguration(int jobs, String compression, boolean fastCheckpoint, ByteSize rate, int nice) {}

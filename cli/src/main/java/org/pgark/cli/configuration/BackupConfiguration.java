package org.pgark.cli.configuration;

/**
 * How backups are made.
 *
 * @param jobs how many threads, 1 or more
 * @param compression {@code none}, {@code lz4}, {@code zstd} or {@code zstd:LEVEL}
 * @param fastCheckpoint whether to begin with an immediate checkpoint
 */
public record BackupConfiguration(int jobs, String compression, boolean fastCheckpoint) {}

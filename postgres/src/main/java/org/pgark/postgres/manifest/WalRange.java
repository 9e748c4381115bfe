package org.pgark.postgres.manifest;

import org.pgark.postgres.Lsn;

/**
 * WAL that a backup needs.
 *
 * @param timeline to be read as unsigned
 * @param start where it begins
 * @param end where it ends
 */
public record WalRange(int timeline, Lsn start, Lsn end) {}

package org.pgark.postgres.wal;

import java.time.Instant;
import org.pgark.postgres.Lsn;

/**
 * A point that somebody named with {@code pg_create_restore_point}.
 *
 * @param name its name
 * @param time when, by the server's clock, in microseconds
 * @param start where its record begins
 * @param end where its record ends
 */
public record RestorePoint(String name, Instant time, Lsn start, Lsn end) {}

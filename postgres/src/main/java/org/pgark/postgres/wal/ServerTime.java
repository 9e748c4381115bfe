package org.pgark.postgres.wal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The {@code TimestampTz} of PostgreSQL: microseconds since the beginning of the year 2000, UTC. */
final class ServerTime {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final long MICROS_PER_SECOND = 1_000_000;

    private ServerTime() {}

    static Instant toInstant(long micros) {
        return EPOCH.plusSeconds(Math.floorDiv(micros, MICROS_PER_SECOND))
                .plusNanos(Math.floorMod(micros, MICROS_PER_SECOND) * 1000);
    }

    /** What is below a microsecond is cut off. */
    static long ofInstant(Instant time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }
}

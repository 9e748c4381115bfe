package org.pgark.physical.recovery;

import java.time.ZoneId;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.RestorePoint;
import org.pgark.postgres.wal.WalFacts;
import org.pgark.postgres.wal.WalSegmentName;

/** Stops after the first restore point of a name. */
record RestorePointStop(String name, ZoneId zone) implements StopRecord {
    @Override
    public boolean mayBeIn(WalFacts segment) {
        return segment.restorePoints().stream().anyMatch(this::isWanted);
    }

    @Override
    public Optional<Stop> cut(WalFacts segment, WalFacts previous) {
        return segment.restorePointCutFrom(previous).filter(this::isWanted).map(this::stop);
    }

    @Override
    public Optional<Stop> find(WalSegmentName segment, WalFacts facts, Lsn from) {
        return facts.restorePoints().stream()
                .filter(point -> isWanted(point) && !point.start().isBefore(from))
                .findFirst()
                .map(this::stop);
    }

    private boolean isWanted(RestorePoint point) {
        return point.name().equals(name);
    }

    private Stop stop(RestorePoint point) {
        return new Stop(
                point.start(),
                point.end(),
                true,
                "the restore point \"" + name + "\" of " + TargetTime.format(point.time(), zone));
    }
}

package org.pgark.physical.recovery;

import java.time.Instant;
import java.time.ZoneId;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/**
 * A stretch of one timeline to any instant of which the cluster can be restored.
 *
 * @param timeline the timeline that recovery would follow, its ancestors included
 * @param firstBackup the id of the oldest backup that it begins with
 * @param fromTime when that backup ended
 * @param fromLsn where that backup ended
 * @param toTime when the last transaction before {@code toLsn} ended; {@code fromTime} if there is none
 * @param toLsn the end of the WAL that is archived without a gap
 */
public record RecoveryWindow(
        Timeline timeline, String firstBackup, Instant fromTime, Lsn fromLsn, Instant toTime, Lsn toLsn) {

    /** The window in one line, with times as they read in {@code zone}. */
    public String describe(ZoneId zone) {
        return "timeline " + timeline + ": from " + TargetTime.format(fromTime, zone) + " (" + fromLsn + ", backup "
                + firstBackup + ") to " + TargetTime.format(toTime, zone) + " (" + toLsn + ")";
    }
}

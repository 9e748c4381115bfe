package org.pgark.physical.recovery;

import java.util.List;
import java.util.Objects;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * How a target is reached.
 *
 * @param backup the backup to restore
 * @param timeline the timeline to recover along
 * @param target what was asked for
 * @param setting what the server is to be told: the same, or the same place said in another way, where the server would
 *     not notice that it has reached it
 * @param stop up to where WAL will be replayed, as far as the archive tells now
 * @param stopReason the same in words, for example {@code before the commit of transaction 771 at ... (0/5000148)}
 * @param firstSegment the first segment that is needed
 * @param lastSegment the last segment that is needed
 * @param segments how many segments are needed
 * @param notices what the user should know about the choice, one line each
 */
public record RecoveryPlan(
        BackupPoint backup,
        Timeline timeline,
        RecoveryTarget target,
        RecoveryTarget setting,
        Lsn stop,
        String stopReason,
        WalSegmentName firstSegment,
        WalSegmentName lastSegment,
        int segments,
        List<String> notices) {
    public RecoveryPlan {
        Objects.requireNonNull(stop, "stop is null");
        notices = List.copyOf(notices);
    }

    RecoveryPlan withNotices(List<String> other) {
        return new RecoveryPlan(
                backup, timeline, target, setting, stop, stopReason, firstSegment, lastSegment, segments, other);
    }
}

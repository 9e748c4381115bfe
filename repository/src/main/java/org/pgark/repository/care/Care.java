package org.pgark.repository.care;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.repository.retention.ExpiredWal;

/**
 * What a log says about its backups beyond that they exist.
 *
 * @param holds what the user wants to be kept, by the backups' ids
 * @param checks what was checked, by the backups' ids
 * @param expired which WAL is gone
 * @param ring when samples were read
 * @param damaged what could not be read
 * @param damagedWal WAL in which damage was found
 * @param replays which backups were restored lately, by their ids
 */
public record Care(
        Map<String, Hold> holds,
        Map<String, BackupCheck> checks,
        ExpiredWal expired,
        CheckedRing ring,
        DamagedFrames damaged,
        DamagedWal damagedWal,
        Map<String, Replay> replays) {
    /** Nothing. */
    public static final Care NONE = new Care(
            Map.of(), Map.of(), ExpiredWal.NONE, CheckedRing.NONE, DamagedFrames.NONE, DamagedWal.NONE, Map.of());

    public Care {
        holds = Collections.unmodifiableMap(new TreeMap<>(holds));
        checks = Collections.unmodifiableMap(new TreeMap<>(checks));
        replays = Collections.unmodifiableMap(new TreeMap<>(replays));
    }

    /** The damage that was found in a backup, as far as nobody found since that there is none; empty if none is known. */
    public Optional<String> damageOf(String backup) {
        return Optional.ofNullable(checks.get(backup))
                .filter(check -> !check.sound())
                .map(BackupCheck::finding);
    }

    /** After a hold was put on a backup, in the place of one that was there. */
    public Care held(String backup, Hold hold) {
        Map<String, Hold> all = new HashMap<>(holds);
        all.put(backup, hold);
        return new Care(all, checks, expired, ring, damaged, damagedWal, replays);
    }

    /** After a backup was restored. */
    public Care restored(String backup, Replay replay) {
        Map<String, Replay> all = new HashMap<>(replays);
        all.merge(backup, replay, Replay::or);
        return new Care(holds, checks, expired, ring, damaged, damagedWal, all);
    }

    /** After nothing holds a backup any more. */
    public Care released(String backup) {
        Map<String, Hold> left = new HashMap<>(holds);
        left.remove(backup);
        Map<String, Replay> leftReplays = new HashMap<>(replays);
        leftReplays.remove(backup);
        return new Care(left, checks, expired, ring, damaged, damagedWal, leftReplays);
    }

    /** After backups went. */
    public Care without(Collection<String> backups) {
        Map<String, Hold> leftHolds = new HashMap<>(holds);
        leftHolds.keySet().removeAll(backups);
        Map<String, BackupCheck> leftChecks = new HashMap<>(checks);
        leftChecks.keySet().removeAll(backups);
        Map<String, Replay> leftReplays = new HashMap<>(replays);
        leftReplays.keySet().removeAll(backups);
        return new Care(leftHolds, leftChecks, expired, ring, damaged, damagedWal, leftReplays);
    }

    /** After WAL went. */
    public Care expired(ExpiredWal wal) {
        return new Care(holds, checks, wal, ring, damaged, damagedWal, replays);
    }

    /** After something was checked. */
    public Care checked(CheckReport report, Collection<String> existing, Instant time) {
        Map<String, BackupCheck> all = new HashMap<>(checks);
        report.findings().forEach((backup, finding) -> all.put(backup, new BackupCheck(time, finding)));
        all.keySet().retainAll(existing);
        CheckedRing newRing =
                report.arc().map(arc -> ring.with(arc, report.asOf(), time)).orElse(ring);
        CheckReport.Wal wal = report.wal();
        return new Care(
                holds,
                all,
                expired,
                newRing,
                damaged.without(report.mended()).and(report.damaged()),
                damagedWal.without(wal.sound(), wal.depth()).and(wal.damaged()),
                replays);
    }
}

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
 */
public record Care(
        Map<String, Hold> holds,
        Map<String, BackupCheck> checks,
        ExpiredWal expired,
        CheckedRing ring,
        DamagedFrames damaged) {
    /** Nothing. */
    public static final Care NONE = new Care(Map.of(), Map.of(), ExpiredWal.NONE, CheckedRing.NONE, DamagedFrames.NONE);

    public Care {
        holds = Collections.unmodifiableMap(new TreeMap<>(holds));
        checks = Collections.unmodifiableMap(new TreeMap<>(checks));
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
        return new Care(all, checks, expired, ring, damaged);
    }

    /** After a backup's hold was taken off. */
    public Care released(String backup) {
        Map<String, Hold> left = new HashMap<>(holds);
        left.remove(backup);
        return new Care(left, checks, expired, ring, damaged);
    }

    /** After backups went. */
    public Care without(Collection<String> backups) {
        Map<String, Hold> leftHolds = new HashMap<>(holds);
        leftHolds.keySet().removeAll(backups);
        Map<String, BackupCheck> leftChecks = new HashMap<>(checks);
        leftChecks.keySet().removeAll(backups);
        return new Care(leftHolds, leftChecks, expired, ring, damaged);
    }

    /** After WAL went. */
    public Care expired(ExpiredWal wal) {
        return new Care(holds, checks, wal, ring, damaged);
    }

    /** After something was checked. */
    public Care checked(CheckReport report, Collection<String> existing, Instant time) {
        Map<String, BackupCheck> all = new HashMap<>(checks);
        report.findings().forEach((backup, finding) -> all.put(backup, new BackupCheck(time, finding)));
        all.keySet().retainAll(existing);
        CheckedRing newRing = report.arc().map(arc -> ring.with(arc, time)).orElse(ring);
        return new Care(
                holds, all, expired, newRing, damaged.without(report.mended()).and(report.damaged()));
    }
}

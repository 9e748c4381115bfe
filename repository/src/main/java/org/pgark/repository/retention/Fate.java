package org.pgark.repository.retention;

import java.util.List;

/**
 * What becomes of a backup.
 *
 * @param backup the backup
 * @param reasons why it is kept; empty if it goes
 */
public record Fate(Candidate backup, List<KeepReason> reasons) {
    public Fate {
        reasons = List.copyOf(reasons);
    }

    /** Whether it is kept. */
    public boolean kept() {
        return !reasons.isEmpty();
    }

    /** Whether all WAL since is kept too. */
    public boolean keepsLaterWal() {
        return backup.unusable().isEmpty()
                && reasons.stream().anyMatch(reason -> reason.rule().keepsLaterWal());
    }
}

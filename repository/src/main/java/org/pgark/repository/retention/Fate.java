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

    /**
     * Whether all WAL since is kept too. Of what the user or a reader holds it is even if the backup is known to be damaged:
     * a damage may be in one file of many, or not be one.
     */
    public boolean keepsLaterWal() {
        return reasons.stream()
                .map(KeepReason::rule)
                .anyMatch(rule -> rule.keepsLaterWal()
                        && (backup.unusable().isEmpty()
                                || rule == KeepReason.Rule.PIN
                                || rule == KeepReason.Rule.READER));
    }
}

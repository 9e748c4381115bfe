package org.pgark.repository.retention;

/**
 * Why a backup is kept.
 *
 * @param rule the rule that keeps it
 * @param text the reason in words
 */
public record KeepReason(Rule rule, String text) {
    /** The rules, with whether they keep all WAL since the backup too, or just what makes it consistent. */
    public enum Rule {
        LAST(true),
        WINDOW(true),
        MINIMUM(true),
        PIN(true),
        READER(true),
        CALENDAR(false),
        ARCHIVAL(false),
        UNUSABLE(false),
        NO_POLICY(true);

        private final boolean keepsLaterWal;

        Rule(boolean keepsLaterWal) {
            this.keepsLaterWal = keepsLaterWal;
        }

        /** Whether WAL is kept from the backup on, to any later instant. */
        public boolean keepsLaterWal() {
            return keepsLaterWal;
        }
    }
}
